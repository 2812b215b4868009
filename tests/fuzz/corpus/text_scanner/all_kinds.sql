SELECT :first, a::int, 'it''s :no', E'\':no', "x:no", $tag$ :no $tag$, $1, $$ :no $$ -- :no
FROM t /* :no /* :no */ */ WHERE b = :second_2 AND c = '\:no' AND d[1\:2] = :_third;
