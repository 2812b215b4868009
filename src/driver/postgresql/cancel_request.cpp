// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/cancel_request.hpp"

#include <gino/core/error.hpp>

#include <chrono>
#include <utility>

#include "driver/guarded_timer.hpp"
#include "driver/postgresql/channel.hpp"
#include "driver/postgresql/protocol/messages.hpp"

namespace gino::postgresql {

awaitable<void> send_cancel_request(boost::asio::any_io_executor executor, cancel_target target) {
    channel apart(executor);
    apart.set_host(target.name);
    net::byte_stream& bytes = apart.bytes();
    const auto end = std::chrono::steady_clock::now() + target.options->cancel_timeout;
    // The server may be unreachable: without a deadline the caller would wait for TCP's timeouts.
    const detail::guarded_timer deadline(executor, end, [&bytes] { bytes.interrupt(); });
    co_await bytes.connect(target.peer, target.options->socket);
    if (target.is_encrypted) {
        const bool is_offered = target.options->tls.is_direct || co_await apart.ask_for_tls();
        // The secret key is not sent in the clear when the session is encrypted.
        if (!is_offered) {
            bytes.fail("it had TLS before");
        }
        co_await bytes.start_tls(target.options->tls, target.host);
    }
    protocol::write_cancel_request(apart.out(), target.key.process, target.key.secret);
    co_await apart.flush();
    // The server closes the connection after it has delivered the request; it sends no answer.
    co_await bytes.wait_for_end();
}

}  // namespace gino::postgresql
