#include "daemon/io/patience.hpp"
#include "tests/unit/io_fixture.hpp"

#include <gtest/gtest.h>

namespace p2pd::io {
namespace {

TEST(Patience, TakesTheFirstAnswer) {
  Loop loop;
  std::vector<int> heard;
  const auto patience = std::make_shared<Patience<int>>(loop, milliseconds(60'000), -1,
                                                        [&](int value) { heard.push_back(value); });
  patience->answer(3);
  patience->answer(4);
  EXPECT_EQ(heard, std::vector<int>{3});
}

TEST(Patience, Ends) {
  Loop loop;
  std::vector<int> heard;
  const auto patience = std::make_shared<Patience<int>>(loop, milliseconds(1), -1,
                                                        [&](int value) { heard.push_back(value); });
  ASSERT_TRUE(run_until(loop, [&] { return !heard.empty(); }));
  patience->answer(4);
  EXPECT_EQ(heard, std::vector<int>{-1});
}

TEST(Patience, IsForgottenWithThoseWhoMightAnswer) {
  Loop loop;
  std::make_shared<Patience<int>>(loop, milliseconds(0), -1, [](int) { FAIL(); }).reset();
  settle(loop);
}

} // namespace
} // namespace p2pd::io
