// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/decimal.hpp>
#include <gino/core/error.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace gino {
namespace {

TEST(Decimal, SurvivesRoundTrip) {
    EXPECT_EQ(decimal("-12.50").to_string(), "-12.50");
    EXPECT_EQ(decimal("+007").to_string(), "7");
    EXPECT_EQ(decimal(".5").to_string(), "0.5");
    EXPECT_EQ(decimal("5.").to_string(), "5");
    EXPECT_EQ(decimal("-0.00").to_string(), "0.00");
    EXPECT_EQ(decimal("1.5e3").to_string(), "1500");
    EXPECT_EQ(decimal("15e-4").to_string(), "0.0015");
    EXPECT_EQ(decimal(-42).to_string(), "-42");
    EXPECT_EQ(decimal().to_string(), "0");
}

TEST(Decimal, RefusesMalformedNumbers) {
    for (const auto* text :
         {"",
          "-",
          ".",
          "1.2.3",
          "12a",
          "e5",
          "1e",
          "1e+",
          "1e+-5",
          "1e-+5",
          "1e999999999",
          " 1",
          "inf"}) {
        EXPECT_FALSE(decimal::parse(text).has_value()) << text;
        EXPECT_THROW(decimal{std::string_view(text)}, argument_error);
    }
}

TEST(Decimal, ComparesByNumericValue) {
    EXPECT_EQ(decimal("12.5"), decimal("12.500"));
    EXPECT_LT(decimal("9.99"), decimal("10"));
    EXPECT_LT(decimal("-10"), decimal("-9.99"));
    EXPECT_LT(decimal("-1"), decimal("0.001"));
    EXPECT_GT(decimal("NaN"), decimal("Infinity"));
    EXPECT_EQ(decimal("NaN"), decimal("NaN"));
    EXPECT_LT(decimal("-Infinity"), decimal("-1e100"));
}

TEST(Decimal, AddsAndMultipliesExactly) {
    EXPECT_EQ((decimal("0.1") + decimal("0.2")).to_string(), "0.3");
    EXPECT_EQ((decimal("1.00") - decimal("1")).to_string(), "0.00");
    EXPECT_EQ((decimal("-1.5") * decimal("0.20")).to_string(), "-0.300");
    const decimal large("99999999999999999999999999999999999999");
    EXPECT_EQ((large + 1).to_string(), "100000000000000000000000000000000000000");
    EXPECT_EQ((large * large).to_string().size(), 76U);
    EXPECT_TRUE((decimal("Infinity") - decimal("Infinity")).is_nan());
    EXPECT_TRUE((decimal("Infinity") * 0).is_nan());
    EXPECT_EQ((decimal("-Infinity") * -2).to_string(), "Infinity");
}

TEST(Decimal, RoundsHalvesAwayFromZero) {
    EXPECT_EQ(decimal("2.345").rounded(2).to_string(), "2.35");
    EXPECT_EQ(decimal("-2.345").rounded(2).to_string(), "-2.35");
    EXPECT_EQ(decimal("2.344").rounded(2).to_string(), "2.34");
    EXPECT_EQ(decimal("7").rounded(2).to_string(), "7.00");
    EXPECT_EQ(decimal("0.5").rounded(0).to_string(), "1");
}

TEST(Decimal, ConvertsToIntegerAndDouble) {
    EXPECT_EQ(decimal("12.00").to_integer(), 12);
    EXPECT_EQ(decimal("12.01").to_integer(), std::nullopt);
    EXPECT_EQ(decimal("9223372036854775808").to_integer(), std::nullopt);
    EXPECT_DOUBLE_EQ(decimal("-0.1").to_double(), -0.1);
    EXPECT_TRUE(std::isnan(decimal("NaN").to_double()));
    EXPECT_EQ(
        decimal("1" + std::string(400, '0')).to_double(), std::numeric_limits<double>::infinity()
    );
    EXPECT_EQ(decimal("0." + std::string(400, '0') + "1").to_double(), 0.0);
}

}  // namespace
}  // namespace gino
