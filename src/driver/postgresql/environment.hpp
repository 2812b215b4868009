// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <sys/types.h>

#include "driver/postgresql/conninfo.hpp"

/// The sources of libpq's defaults for settings that a connection string does not have (manual,
/// 34.15 to 34.17).
namespace gino::postgresql {

/// The environment variables of a process, and its user.
struct environment {
    /// Returns the value of a variable, or nothing.
    std::function<std::optional<std::string>(const std::string& name)> variable;
    std::string home;  ///< The user's home directory; empty: none.
    std::string user;

    /// Returns the environment of this process.
    [[nodiscard]] static environment of_process();
};

/// Returns the name of a user of this machine, or nothing.
[[nodiscard]] std::optional<std::string> user_name(uid_t user);

/// Adds the settings that `given` does not have: from its service, then from the `PG*` variables.
///
/// @throws argument_error  There is no such service, or its file is malformed; names it.
[[nodiscard]] settings with_defaults(settings given, const environment& from);

/// The fields by which a password is looked up.
struct password_question {
    std::string host;  ///< "localhost" for the default Unix-domain socket.
    std::string port;
    std::string database;
    std::string user;
};

/// Looks up a password in the text of a password file (manual, 34.16). Its lines are
/// `host:port:database:user:password`; a field `*` matches any value, and a backslash escapes the
/// character after it.
[[nodiscard]] std::optional<std::string> find_password(
    std::string_view file, const password_question& asked
);

/// Looks up a password in the user's password file: the one in the settings, or `~/.pgpass`. A file
/// that is accessible to its group or to others is ignored, as in libpq.
[[nodiscard]] std::optional<std::string> password_of(
    const settings& of, const environment& from, const password_question& asked
);

}  // namespace gino::postgresql
