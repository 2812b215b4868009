// SPDX-License-Identifier: BSD-3-Clause
// A browser for the packages of a Debian system. Run it with --help, or see README.md.
#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <unistd.h>

#include "interruption.hpp"
#include "service.hpp"

namespace {

void add_options(CLI::App& command, service_options& options) {
    const auto add = [&](const char* name, auto& value, const char* explanation) {
        return command.add_option(name, value, explanation)->capture_default_str()->take_last();
    };
    add("--url", options.url, "the database: sqlite:///FILE or postgresql://...");
    add("--input", options.input, "the package list to import at the first start");
    add("--host", options.host, "the address to listen on");
    add("--port", options.port, "the port to listen on; 0: any free one");
    add("--pool-size", options.pool_size, "the most connections to the database")
        ->check(CLI::Range(1, 1000));
}

std::string address_of(const gino::ext::application& app) {
    const std::string& host = app.options().host();
    const bool is_ipv6 = host.find(':') != std::string::npos;
    return "http://" + (is_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(app.port()) + "/";
}

// Returns the message of an exception as one line.
std::string line_of(const std::exception& failure) {
    std::string line = failure.what();
    for (char& letter : line) {
        letter = letter == '\n' ? ' ' : letter;
    }
    return line;
}

// Prints errors on stderr that the client gets only as status 500.
void report(const gino::ext::request& request, const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const gino::ext::http_error&) {
        return;  // the client has got the message
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
    try {
        command.parse(argc, argv);
        return run(options);
    } catch (const CLI::CallForHelp& help) {
        return command.exit(help);
    } catch (const CLI::ParseError& wrong) {
        std::cerr << "debian_packages: " << line_of(wrong) << "; see --help\n";
        return 2;
    } catch (const interrupted&) {
        std::cerr << "debian_packages: interrupted, nothing was imported\n";
        return 0;
    } catch (const std::exception& e) {
        std::cerr << "debian_packages: " << line_of(e) << '\n';
        return 1;
    }
}
