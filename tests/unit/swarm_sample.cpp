#include "daemon/swarm/sample.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace p2pd::swarm {
namespace {

std::vector<Candidate> make(std::uint32_t count, std::uint32_t rare, std::uint32_t near) {
  std::vector<Candidate> all;
  for (std::uint32_t i = 0; i < count; ++i) all.push_back({i, i < rare, count - i <= near});
  return all;
}

std::set<std::uint32_t> numbers(const std::vector<Candidate>& candidates) {
  std::set<std::uint32_t> all;
  for (const Candidate& each : candidates) all.insert(each.number);
  return all;
}

TEST(Sample, OfFewIsAllOfThemAndAsksNoChance) {
  std::minstd_rand chance{1};
  const std::minstd_rand before = chance;
  std::vector<Candidate> few = make(30, 3, 5);
  sample(few, 30, chance);
  EXPECT_EQ(numbers(few).size(), 30U);
  EXPECT_EQ(chance, before);
}

TEST(Sample, NamesEachOnceAndEveryoneSoonerOrLater) {
  std::minstd_rand chance{1};
  std::set<std::uint32_t> named;
  for (int i = 0; i < 100; ++i) {
    std::vector<Candidate> many = make(300, 0, 0);
    sample(many, 30, chance);
    EXPECT_EQ(numbers(many).size(), 30U);
    named.merge(numbers(many));
  }
  EXPECT_GT(named.size(), 290U);
}

// Rare ones have a third of the places, the site has what is left of them, and the rest is for any.
TEST(Sample, KeepsPlacesForWhatIsRareAndForTheSite) {
  std::minstd_rand chance{1};
  for (const std::uint32_t near : {5U, 100U}) {
    std::vector<Candidate> many = make(300, 100, near);
    sample(many, 30, chance);
    EXPECT_EQ(numbers(many).size(), 30U);
    EXPECT_GE(std::ranges::count_if(many, &Candidate::rare), 10);
    EXPECT_EQ(std::ranges::count_if(many, &Candidate::near), std::min(near, 20U));
  }
}

TEST(Sample, IsTheSameByTheSameSeed) {
  const auto drawn = [] {
    std::minstd_rand chance{7};
    std::vector<Candidate> many = make(100, 10, 10);
    sample(many, 10, chance);
    return numbers(many);
  };
  EXPECT_EQ(drawn(), drawn());
}

} // namespace
} // namespace p2pd::swarm
