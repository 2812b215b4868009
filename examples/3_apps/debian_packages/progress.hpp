// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <ostream>
#include <string>

/// Shows the progress of a long task: on a terminal as a bar in one line that changes, otherwise as
/// a line for each quarter.
///
/// Lifetime: the stream must outlive it.
class progress {
public:
    progress(std::ostream& out, bool is_terminal) noexcept : out_(out), is_terminal_(is_terminal) {}

    progress(const progress&) = delete;
    progress& operator=(const progress&) = delete;

    /// Ends the line of the bar, if there is one.
    ~progress();

    /// Begins a task.
    ///
    /// @param task   Such as "importing". Copied.
    /// @param total  The number of its steps.
    void start(std::string task, std::size_t total);

    void advance(std::size_t steps);

    /// Ends the task with a sentence.
    void finish(const std::string& sentence);

private:
    void draw();
    void end_line();

    std::ostream& out_;
    bool is_terminal_;
    bool in_line_ = false;
    std::string task_;
    std::size_t total_ = 0;
    std::size_t done_ = 0;
    std::size_t shown_ = 0;  // percent
};
