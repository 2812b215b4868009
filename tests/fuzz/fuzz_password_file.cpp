// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Any password file is searched without errors.

#include "driver/postgresql/environment.hpp"
#include "fuzz/round_trip.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = gino::fuzz::text_of(data, size);
    const gino::postgresql::password_question asked{
        .host = "one", .port = "5432", .database = "app", .user = "me"};
    const auto found = gino::postgresql::find_password(text, asked);
    if (found && found->size() > size) {
        std::abort();
    }
    // A matching line at the end is found after any content, unless an earlier line matches.
    const std::string more = std::string(text) + "\none:5432:app:me:hush\n";
    if (!gino::postgresql::find_password(more, asked)) {
        std::abort();
    }
    return 0;
}
