// SPDX-License-Identifier: BSD-3-Clause
#include "progress.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace {

TEST(Progress, WritesALineForEachQuarter) {
    std::ostringstream out;
    progress shown(out, false);

    shown.start("importing", 200);
    for (int i = 0; i < 200; ++i) {
        shown.advance(1);
    }
    shown.finish("done");

    EXPECT_EQ(
        out.str(),
        "importing: 0 %\nimporting: 25 %\nimporting: 50 %\nimporting: 75 %\nimporting: 100 %\n"
        "done\n"
    );
}

TEST(Progress, DrawsABarOnATerminal) {
    std::ostringstream out;
    progress shown(out, true);

    shown.start("importing", 4);
    shown.advance(1);
    shown.advance(3);
    shown.finish("done");

    EXPECT_EQ(
        out.str(),
        "\rimporting [........................................] 0 %"
        "\rimporting [##########..............................] 25 %"
        "\rimporting [########################################] 100 %"
        "\ndone\n"
    );
}

TEST(Progress, DrawsTheBarOnlyWhenItChanges) {
    std::ostringstream out;
    progress shown(out, true);
    shown.start("importing", 1'000'000);
    out.str("");

    shown.advance(1);

    EXPECT_EQ(out.str(), "");
}

TEST(Progress, EndsTheLineOfATaskThatFailed) {
    std::ostringstream out;
    {
        progress shown(out, true);
        shown.start("importing", 4);
        out.str("");
    }

    EXPECT_EQ(out.str(), "\n");
}

}  // namespace
