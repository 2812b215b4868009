// SPDX-License-Identifier: BSD-3-Clause
#include "progress.hpp"

#include <algorithm>
#include <utility>

namespace {

constexpr std::size_t bar_width = 40;

}  // namespace

progress::~progress() {
    end_line();
}

void progress::start(std::string task, std::size_t total) {
    task_ = std::move(task);
    total_ = std::max<std::size_t>(total, 1);
    done_ = 0;
    shown_ = 0;
    draw();
}

void progress::advance(std::size_t steps) {
    done_ = std::min(done_ + steps, total_);
    const std::size_t percent = done_ * 100 / total_;
    const bool is_news = is_terminal_ ? percent > shown_ : percent / 25 > shown_ / 25;
    if (is_news) {
        shown_ = percent;
        draw();
    }
}

void progress::draw() {
    if (!is_terminal_) {
        out_ << task_ << ": " << shown_ << " %\n" << std::flush;
        return;
    }
    const std::size_t filled = bar_width * shown_ / 100;
    out_ << '\r' << task_ << " [" << std::string(filled, '#')
         << std::string(bar_width - filled, '.') << "] " << shown_ << " %" << std::flush;
    in_line_ = true;
}

void progress::end_line() {
    if (in_line_) {
        out_ << '\n' << std::flush;
        in_line_ = false;
    }
}

void progress::finish(const std::string& sentence) {
    end_line();
    out_ << sentence << '\n' << std::flush;
}
