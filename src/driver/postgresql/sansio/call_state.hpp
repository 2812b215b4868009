// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace gino::postgresql::sansio {

/// What a session does, as far as an interruption is concerned.
///
/// | phase | interrupt() returns | the session |
/// | --- | --- | --- |
/// | idle | none | is between two calls |
/// | busy | send_request, and the phase is cancelling | runs a statement |
/// | cancelling | none | waits until the server has ended the statement |
/// | closing | cut | connects, resets or closes |
///
/// A statement that does not end within a grace time after the request loses its connection; so
/// does one whose request cannot be sent. Both look with `is_current()` whether the call that they
/// belong to is still under way.
///
/// Thread safety: none; the `interrupter` locks it.
class call_state {
public:
    enum class phase : std::uint8_t { idle, busy, cancelling, closing };
    enum class interruption : std::uint8_t { none, send_request, cut };

    [[nodiscard]] phase current() const noexcept { return phase_; }

    /// The number of the present call.
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
