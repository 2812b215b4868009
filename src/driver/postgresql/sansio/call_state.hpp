// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace gino::postgresql::sansio {

/// The phase of a session, which determines the effect of an interruption.
///
/// | phase | the session | interrupt() returns | next phase |
/// | --- | --- | --- | --- |
/// | idle | is between two calls | none | idle |
/// | busy | runs a statement | send_request | cancelling |
/// | cancelling | waits for the end of the statement | none | cancelling |
/// | closing | connects, resets or closes | cut | closing |
///
/// The connection is cut when the statement does not end within a grace time after the request, and
/// when the request cannot be sent. Both happen later and elsewhere: `is_current()` checks that the
/// call for which they were started still runs, so that they never cut the next call's connection.
///
/// Invariants: each call has a number of its own; a call causes one CancelRequest at most.
///
/// Thread safety: none; the mutex of `interrupter` guards it.
class call_state {
public:
    enum class phase : std::uint8_t { idle, busy, cancelling, closing };
    enum class interruption : std::uint8_t { none, send_request, cut };

    [[nodiscard]] phase current() const noexcept { return phase_; }

    /// Returns the number of the present call; `enter()` begins a new one.
    [[nodiscard]] std::uint64_t call() const noexcept { return call_; }

    [[nodiscard]] bool is_current(std::uint64_t call) const noexcept { return call_ == call; }

    void enter(phase next) noexcept {
        phase_ = next;
        ++call_;
    }

    [[nodiscard]] interruption interrupt() noexcept {
        switch (phase_) {
            case phase::busy:
                phase_ = phase::cancelling;
                return interruption::send_request;
            case phase::closing:
                return interruption::cut;
            case phase::idle:
            case phase::cancelling:
                break;
        }
        return interruption::none;
    }

private:
    phase phase_ = phase::closing;
    std::uint64_t call_ = 0;
};

}  // namespace gino::postgresql::sansio
