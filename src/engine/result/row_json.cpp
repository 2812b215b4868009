// SPDX-License-Identifier: BSD-3-Clause
#include <gino/engine/row.hpp>

#include <boost/json.hpp>

#include <cmath>
#include <string>

#include "core/hexadecimal.hpp"
#include "types/json_parser.hpp"

namespace gino {

namespace {

// A visitor of the alternatives of gino::value. Times, decimals and UUIDs use the last overload:
// JSON has no type for them.
struct to_json_value {
    boost::json::value operator()(null_t) const { return nullptr; }

    boost::json::value operator()(bool held) const { return held; }

    boost::json::value operator()(std::int64_t held) const { return held; }

    // JSON has neither NaN nor infinities: they become text.
    boost::json::value operator()(double held) const {
        return std::isfinite(held) ? boost::json::value(held)
                                   : boost::json::value(to_string(value(held)));
    }

    boost::json::value operator()(const std::string& held) const {
        return boost::json::string(held);
    }

    // Hexadecimal, as PostgreSQL writes bytea.
    boost::json::value operator()(const bytes& held) const {
        std::string text = "\\x";
        for (const auto b : held) {
            detail::append_hexadecimal(text, b);
        }
        return boost::json::string(text);
    }

    // A document that exceeds the limits, or is none, becomes text: a result must not fail because
    // of one field.
    boost::json::value operator()(const json_text& held) const {
        boost::json::value document;
        const auto problem = detail::parse_json(held.text, get_json_limits(), document);
        return problem ? boost::json::value(boost::json::string(held.text)) : document;
    }

    boost::json::value operator()(const value::array& held) const {
        boost::json::array elements;
        for (const auto& element : held) {
            elements.push_back(std::visit(*this, element.get()));
        }
        return elements;
    }

    boost::json::value operator()(const value::range& held) const {
        return boost::json::string(to_string(value(held)));
    }

    template <class Time>
    boost::json::value operator()(const Time& held) const {
        return boost::json::string(to_string(held));
    }
};

}  // namespace

boost::json::object to_json(const row& from) {
    boost::json::object made;
    for (const auto& [name, held] : from) {
        made.emplace(name, std::visit(to_json_value(), held.get()));
    }
    return made;
}

}  // namespace gino
