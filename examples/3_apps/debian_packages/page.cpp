// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <string>
#include <string_view>

#include "page_files.hpp"
#include "routes.hpp"

namespace {

using gino::ext::request;
using gino::ext::response;

std::string_view content_type_of(std::string_view path) {
    if (path.ends_with(".css")) {
        return "text/css; charset=utf-8";
    }
    if (path.ends_with(".js")) {
        return "text/javascript; charset=utf-8";
    }
    return "text/html; charset=utf-8";
}

response answer_with(const page_file& file) {
    response answer(200, std::string(file.content), content_type_of(file.path));
    answer.set_header("cache-control", "no-cache");
    answer.set_header("content-security-policy", "default-src 'self'; img-src 'self' data:");
    answer.set_header("x-content-type-options", "nosniff");
    answer.set_header("referrer-policy", "no-referrer");
    return answer;
}

}  // namespace

void add_page(gino::ext::application& app) {
    for (const page_file& file : page_files()) {
        const std::string_view path = file.path == "/index.html" ? "/" : file.path;
        app.get(path, [file](request& /*r*/) -> gino::awaitable<response> {
            co_return answer_with(file);
        });
    }
}
