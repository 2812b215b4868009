// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <sys/types.h>

#include "driver/postgresql/conninfo.hpp"

/// Where libpq finds what a connection string does not say (manual, 34.15 to 34.17).
namespace gino::postgresql {

/// The variables of a process and its user.
struct environment {
    /// Returns the value of a variable, or nothing.
    std::function<std::optional<std::string>(const std::string& name)> variable;
    std::string home;  ///< The user's folder; empty: there is none.
    std::string user;

    /// Those of this process.
    [[nodiscard]] static environment of_process();
};

/// Returns the name of a user of this machine, or nothing.
[[nodiscard]] std::optional<std::string> user_name(uid_t user);

/// Adds what `given` does not have: from the service that it names, then from the `PG*` variables.
///
/// @throws argument_error  There is no such service, or its file is malformed; names it.
[[nodiscard]] settings with_defaults(settings given, const environment& from);

/// Whom a password is for.
struct password_question {
    std::string host;  ///< "localhost" for the default unix socket.
    std::string port;
    std::string database;
    std::string user;
};

/// Looks up a password in the text of a password file: `host:port:database:user:password` lines, in
/// which `*` stands for anything and a backslash keeps what follows it.
[[nodiscard]] std::optional<std::string> find_password(
    std::string_view file, const password_question& asked
);

/// Looks into the user's password file, `~/.pgpass` or that which the settings name. A file that
/// others than the user may read is not used.
[[nodiscard]] std::optional<std::string> password_of(
    const settings& of, const environment& from, const password_question& asked
);

}  // namespace gino::postgresql
