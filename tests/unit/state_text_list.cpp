#include "daemon/state/text_list.hpp"

#include <gtest/gtest.h>

namespace p2pd::state {
namespace {

TEST(TextList, LosesNothing) {
  const std::vector<std::vector<std::string>> lists{{},
                                                    {""},
                                                    {"", ""},
                                                    {"a", "b"},
                                                    {"a\nb"},
                                                    {"\\", "\n", "\\n", "\\\n"},
                                                    {std::string("\0\xff", 2)}};
  for (const auto& list : lists)
    EXPECT_EQ(split_lines(joined_lines(list)), list) << joined_lines(list);
  EXPECT_EQ(joined_lines({"a", "b"}), "a\nb\n") << "as it was always written";
  EXPECT_EQ(split_lines("a\nb"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(split_lines("a\\"), std::vector<std::string>{"a\\"});
}

} // namespace
} // namespace p2pd::state
