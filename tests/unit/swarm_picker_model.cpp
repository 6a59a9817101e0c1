// Everything that a transfer does to a picker, at random, beside a model that counts anew each
// time.

#include "daemon/swarm/picker.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace p2pd::swarm {
namespace {

class Model {
 public:
  Model(std::uint32_t chunks, Order order, std::uint64_t seed)
      : chunks_(chunks)
      , order_(order)
      , random_(seed)
      , state_(chunks)
      , picker_(some_wanted(), order, seed) {}

  void step() {
    switch (random_() % 10) {
    case 0:
      return join();
    case 1:
      return part();
    case 2:
    case 3:
      return gain();
    case 4:
      return lose();
    case 5:
      return with_any('t', [this](std::uint32_t chunk) {
        picker_.put_back(ChunkIndex{chunk});
        state_[chunk] = 'o';
      });
    case 6:
      return with_any("uott"[random_() % 4], [this](std::uint32_t chunk) {
        picker_.got(ChunkIndex{chunk});
        state_[chunk] = 'g';
      });
    default:
      return pick();
    }
  }

  void check() const {
    const auto open = std::count(state_.begin(), state_.end(), 'o');
    EXPECT_EQ(picker_.open(), open);
    EXPECT_EQ(picker_.missing(), open + std::count(state_.begin(), state_.end(), 't'));
    for (std::uint32_t i = 0; i < chunks_; ++i) {
      EXPECT_EQ(picker_.is_got(ChunkIndex{i}), state_[i] == 'g');
      EXPECT_EQ(picker_.is_taken(ChunkIndex{i}), state_[i] == 't');
    }
  }

 private:
  std::uint32_t any_chunk() { return static_cast<std::uint32_t>(random_() % chunks_); }

  ChunkSet some_wanted() {
    ChunkSet wanted(chunks_);
    for (std::uint32_t i = 0; i < chunks_; ++i) {
      state_[i] = random_() % 4 == 0 ? 'u' : 'o';
      if (state_[i] == 'o') wanted.add(ChunkIndex{i});
    }
    return wanted;
  }

  template <class Use>
  void with_any(char state, Use&& use) {
    const std::uint32_t start = any_chunk();
    for (std::uint32_t i = 0; i < chunks_; ++i)
      if (const std::uint32_t chunk = (start + i) % chunks_; state_[chunk] == state)
        return use(chunk);
  }
  void join() {
    if (sources_.size() >= 12) return;
    ChunkSet has(chunks_);
    const std::uint64_t density = random_() % 8;
    for (std::uint32_t i = 0; i < chunks_; ++i)
      if (random_() % 8 < density) has.add(ChunkIndex{i});
    picker_.add_source(has);
    sources_.push_back(std::move(has));
  }
  void part() {
    if (sources_.empty()) return;
    const auto gone = sources_.begin() + static_cast<std::ptrdiff_t>(random_() % sources_.size());
    picker_.remove_source(*gone);
    sources_.erase(gone);
  }
  void gain() {
    if (sources_.empty()) return;
    const ChunkIndex chunk{any_chunk()};
    if (sources_[random_() % sources_.size()].add(chunk)) picker_.source_gained(chunk);
  }
  void lose() {
    if (sources_.empty()) return;
    const ChunkIndex chunk{any_chunk()};
    if (sources_[random_() % sources_.size()].remove(chunk)) picker_.source_lost(chunk);
  }
  std::size_t copies(std::uint32_t chunk) const {
    return static_cast<std::size_t>(std::count_if(
        sources_.begin(), sources_.end(), [&](auto& has) { return has.has(ChunkIndex{chunk}); }));
  }
  // What is picked first: the fewest copies, or the lowest number.
  std::size_t rank(std::uint32_t chunk) const {
    return order_ == Order::in_order ? chunk : copies(chunk);
  }
  void pick() {
    const bool whole = sources_.empty() || random_() % 3 == 0;
    const ChunkSet has = whole ? ChunkSet(chunks_, true) : sources_[random_() % sources_.size()];
    std::optional<std::size_t> first;
    for (std::uint32_t i = 0; i < chunks_; ++i)
      if (state_[i] == 'o' && has.has(ChunkIndex{i}))
        first = std::min(first.value_or(rank(i)), rank(i));
    const auto chunk = picker_.pick(has, !whole);
    ASSERT_EQ(chunk.has_value(), first.has_value());
    if (!chunk) return;
    const std::uint32_t index = number(*chunk);
    ASSERT_EQ(state_[index], 'o');
    ASSERT_TRUE(has.has(*chunk));
    ASSERT_EQ(rank(index), *first);
    state_[index] = 't';
  }

  std::uint32_t chunks_;
  Order order_;
  std::mt19937_64 random_;
  std::vector<char> state_; // unwanted, open, taken, got
  std::vector<ChunkSet> sources_;
  Picker picker_;
};

TEST(Picker, AgreesWithANaiveModel) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const Order order = seed % 2 == 0 ? Order::in_order : Order::rarest_first;
    Model model(1 + static_cast<std::uint32_t>(seed * 7 % 130), order, seed);
    for (int i = 0; i < 600 && !testing::Test::HasFailure(); ++i) {
      model.step();
      if (i % 20 == 0) model.check();
    }
    model.check();
    ASSERT_FALSE(testing::Test::HasFailure()) << "seed " << seed;
  }
}

} // namespace
} // namespace p2pd::swarm
