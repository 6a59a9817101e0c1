#include "daemon/tracker/pattern.hpp"

#include <gtest/gtest.h>

namespace p2pd::tracker {
namespace {

TEST(Pattern, WithoutWildcardsIsPartOfAName) {
  EXPECT_TRUE(Pattern("").matches("debian.iso"));
  EXPECT_TRUE(Pattern("bian").matches("debian.iso"));
  EXPECT_FALSE(Pattern("Debian").matches("debian.iso"));
  EXPECT_TRUE(Pattern("a\\b").matches("a\\b.txt")) << "a backslash is a letter there";
}

TEST(Pattern, WithWildcardsIsTheWholeName) {
  EXPECT_TRUE(Pattern("*.iso").matches("debian.iso"));
  EXPECT_FALSE(Pattern("*.iso").matches("debian.iso.sig"));
  EXPECT_TRUE(Pattern("debian-?.iso").matches("debian-1.iso"));
  EXPECT_TRUE(Pattern("[ab]*").matches("bcd"));
  EXPECT_TRUE(Pattern("a\\*?").matches("a*b"));
}

// Only names from there on are looked at, so each that matches has to begin with it.
TEST(Pattern, BeginsAsAllThatMatchDo) {
  EXPECT_EQ(Pattern("debian-*.iso").beginning(), "debian-");
  EXPECT_EQ(Pattern("*").beginning(), "");
  EXPECT_EQ(Pattern("[a]b").beginning(), "");
  EXPECT_EQ(Pattern("a\\*b*").beginning(), "a") << "an escaped star stands for itself";
  EXPECT_EQ(Pattern("debian").beginning(), "") << "which may be anywhere in a name";
}

TEST(Pattern, CostsMoreTheLongerItIs) {
  EXPECT_GE(Pattern("").cost(), 1U);
  EXPECT_GT(Pattern(std::string(255, '*')).cost(), 50U);
}

} // namespace
} // namespace p2pd::tracker
