// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/network.hpp>

#include <gtest/gtest.h>

namespace gino {
namespace {

TEST(NetworkAddress, SurvivesRoundTrip) {
    for (const auto* text :
         {"192.168.1.5", "10.0.0.0/8", "2001:db8::1", "fe80::/10", "0.0.0.0/0"}) {
        const auto address = parse_network_address(text);
        ASSERT_TRUE(address.has_value()) << text;
        EXPECT_EQ(to_string(*address), text);
    }
    for (const auto* text :
         {"", "1.2.3", "1.2.3.4/33", "1.2.3.4/", "::1/129", "1.2.3.4/8x", "host"}) {
        EXPECT_FALSE(parse_network_address(text).has_value()) << text;
    }
}

TEST(MacAddress, SurvivesRoundTrip) {
    const auto address = parse_mac_address("08:00:2B:01:02:ff");
    ASSERT_TRUE(address.has_value());
    EXPECT_EQ(to_string(*address), "08:00:2b:01:02:ff");
    for (const auto* text : {"", "08:00:2b:01:02", "08-00-2b-01-02-ff", "08:00:2b:01:02:fg"}) {
        EXPECT_FALSE(parse_mac_address(text).has_value()) << text;
    }
}

TEST(Uuid, SurvivesRoundTrip) {
    const auto uuid = parse_uuid("6FA459ea-ee8a-3ca4-894e-db77e160355e");
    ASSERT_TRUE(uuid.has_value());
    EXPECT_EQ(to_string(*uuid), "6fa459ea-ee8a-3ca4-894e-db77e160355e");
    EXPECT_EQ(parse_uuid("6fa459eaee8a3ca4894edb77e160355e"), uuid);
    for (const auto* text :
         {"",
          "6fa459ea",
          "6fa459ea+ee8a-3ca4-894e-db77e160355e",
          "6fa459eaee8a3ca4894edb77e160355g"}) {
        EXPECT_FALSE(parse_uuid(text).has_value()) << text;
    }
}

}  // namespace
}  // namespace gino
