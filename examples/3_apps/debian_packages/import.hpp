// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/gino.hpp>

#include <string>

#include "progress.hpp"

/// Returns true when the database has packages, from an import before.
[[nodiscard]] gino::awaitable<bool> has_packages(gino::database& db);

/// Reads a package list and stores it, all of it or, if anything fails, nothing.
///
/// @param file  dpkg's status file or a package index.
/// @throws std::runtime_error  The file cannot be read or is damaged: names file and line.
[[nodiscard]] gino::awaitable<void> import_packages(
    gino::database& db, std::string file, progress& shown
);
