#include "tests/unit/proto_tree.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace p2pd::proto {
namespace {

TEST(Paths, AFolderIsFollowedByWhatItHolds) {
  const std::vector<std::string> ordered{"a",    "a/b", "a/b/c", "a/b.c", "a\x01",
                                         "a b",  "a-b", "a.b",   "a0",    "aa",
                                         "aa/b", "b",   "\x7f",  "\x80",  "\xff"};
  for (std::size_t i = 0; i < ordered.size(); ++i)
    for (std::size_t j = 0; j < ordered.size(); ++j)
      EXPECT_EQ(path_before(ordered[i], ordered[j]), i < j) << ordered[i] << " | " << ordered[j];
}

TEST(Paths, StayInsideTheirTree) {
  for (const std::string& good :
       {std::string("a"), std::string("a/b"), std::string("..."), std::string("..a/b.."),
        std::string(".hidden/file"), std::string("a b"), std::string("\\"), std::string("\xff"),
        std::string(255, 'n') + "/" + std::string(255, 'n')})
    EXPECT_TRUE(safe_path(good)) << good;
  for (const std::string& bad :
       {std::string(""), std::string("."), std::string(".."), std::string("/"), std::string("/a"),
        std::string("a/"), std::string("a//b"), std::string("a/./b"), std::string("a/../b"),
        std::string("../a"), std::string("a/.."), std::string("a\0", 2), std::string(256, 'n')})
    EXPECT_FALSE(safe_path(bad)) << bad;
}

TEST(Paths, AreBounded) {
  std::string path;
  for (int step = 0; step < 15; ++step) path += std::string(255, 'n') + "/";
  path += std::string(254, 'n') + "/n";
  EXPECT_EQ(path.size(), 4096U);
  EXPECT_TRUE(safe_path(path));
  EXPECT_FALSE(safe_path(path + "n"));
}

TEST(Paths, TargetsStayInsideTheTree) {
  const std::vector<std::pair<std::string, std::string>> good{
      {"link", "a"},           {"link", "a/b"},        {"link", "./a"},
      {"link", "."},           {"link", "a//b"},       {"a/link", ".."},
      {"a/link", "../b"},      {"a/link", "./../b"},   {"a/b/link", "../.."},
      {"a/b/link", "../../c"}, {"a/b/link", ".././c"}, {"link", "...."},
      {"link", "..a"},         {"link", "a/..b"},      {"link", std::string(4096, 'x')}};
  for (const auto& [path, target] : good) EXPECT_TRUE(safe_target(path, target)) << target;
  const std::vector<std::pair<std::string, std::string>> bad{{"link", ""},
                                                             {"link", "/"},
                                                             {"link", "/a"},
                                                             {"link", ".."},
                                                             {"link", "../a"},
                                                             {"link", "./../a"},
                                                             {"a/link", "../.."},
                                                             {"a/link", "../../a"},
                                                             {"a/link", ".././.."},
                                                             {"link", "a/.."},
                                                             {"a/link", "b/.."},
                                                             {"a/link", "b/../c"},
                                                             {"a/link", "../b/.."},
                                                             {"a/link", "..//.."},
                                                             {"a/b/link", "../../.."},
                                                             {"link", {"a\0b", 3}},
                                                             {"link", std::string(4097, 'x')}};
  for (const auto& [path, target] : bad) EXPECT_FALSE(safe_target(path, target)) << target;
}

} // namespace
} // namespace p2pd::proto
