// SPDX-License-Identifier: BSD-3-Clause
// A browser for the packages of a Debian system. Run it with --help, or see README.md.
#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <unistd.h>

#include "service.hpp"

namespace {

void add_options(CLI::App& command, service_options& options) {
    command.add_option("--url", options.url, "the database: sqlite:///FILE or postgresql://...")
        ->capture_default_str();
    command.add_option("--input", options.input, "the package list to import at the first start")
        ->capture_default_str();
    command.add_option("--host", options.host, "the address to listen on")->capture_default_str();
    command.add_option("--port", options.port, "the port to listen on; 0: any free one")
        ->capture_default_str();
    command.add_option("--pool-size", options.pool_size, "the most connections to the database")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
}

std::string address_of(const gino::ext::application& app) {
    const std::string& host = app.options().host();
    const bool is_ipv6 = host.find(':') != std::string::npos;
    return "http://" + (is_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(app.port()) + "/";
}

// What went wrong, as one line.
std::string line_of(const std::exception& failure) {
    std::string line = failure.what();
    for (char& letter : line) {
        letter = letter == '\n' ? ' ' : letter;
    }
    return line;
}

// Says on stderr what a client is not told.
void report(const gino::ext::request& request, const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const gino::ext::http_error&) {
        return;  // the client was told
    } catch (const std::exception& e) {
        std::cerr << "debian_packages: " << request.method() << ' ' << request.path() << ": "
                  << line_of(e) << std::endl;
    }
}

int run(const service_options& options) {
    progress shown(std::cerr, isatty(STDERR_FILENO) == 1);
    service served(options, shown);
    auto& app = served.application();
    app.on_listening([](gino::ext::application& listening) {
        std::cout << address_of(listening) << std::endl;
    });
    app.on_error([](const gino::ext::request& request,
                    const std::exception_ptr& failure,
                    std::string_view /*id*/) { report(request, failure); });
    return app.run();
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App command(
        "Serves the packages of a Debian system, with your notes, as a page and as JSON."
    );
    service_options options;
    add_options(command, options);
    CLI11_PARSE(command, argc, argv);
    try {
        return run(options);
    } catch (const std::exception& e) {
        std::cerr << "debian_packages: " << line_of(e) << '\n';
        return 1;
    }
}
