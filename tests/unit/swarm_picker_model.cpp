// Everything that a transfer does to a picker, at random, beside a model that counts anew each
// time.

#include "daemon/swarm/picker.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace p2pd::swarm {
namespace {

class Model {
 public:
  Model(std::uint32_t chunks, std::uint64_t seed)
      : chunks_(chunks), picker_(chunks, seed), state_(chunks, 'o'), random_(seed) {}

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
      return with_any(random_() % 4 == 0 ? 'o' : 't', [this](std::uint32_t chunk) {
        picker_.got(ChunkIndex{chunk});
        state_[chunk] = 'g';
      });
    default:
      return pick();
    }
  }

  void check() const {
    EXPECT_EQ(picker_.open(), std::count(state_.begin(), state_.end(), 'o'));
    EXPECT_EQ(picker_.missing(), chunks_ - std::count(state_.begin(), state_.end(), 'g'));
    for (std::uint32_t i = 0; i < chunks_; ++i) {
      EXPECT_EQ(picker_.is_got(ChunkIndex{i}), state_[i] == 'g');
      EXPECT_EQ(picker_.is_taken(ChunkIndex{i}), state_[i] == 't');
    }
  }

 private:
  std::uint32_t any_chunk() { return static_cast<std::uint32_t>(random_() % chunks_); }

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
  void pick() {
    const bool whole = sources_.empty() || random_() % 3 == 0;
    const ChunkSet has = whole ? ChunkSet(chunks_, true) : sources_[random_() % sources_.size()];
    std::optional<std::size_t> fewest;
    for (std::uint32_t i = 0; i < chunks_; ++i)
      if (state_[i] == 'o' && has.has(ChunkIndex{i}))
        fewest = std::min(fewest.value_or(copies(i)), copies(i));
    const auto chunk = picker_.pick(has);
    ASSERT_EQ(chunk.has_value(), fewest.has_value());
    if (!chunk) return;
    const std::uint32_t index = number(*chunk);
    ASSERT_EQ(state_[index], 'o');
    ASSERT_TRUE(has.has(*chunk));
    ASSERT_EQ(copies(index), *fewest);
    state_[index] = 't';
  }

  std::uint32_t chunks_;
  Picker picker_;
  std::vector<char> state_; // open, taken, got
  std::vector<ChunkSet> sources_;
  std::mt19937_64 random_;
};

TEST(Picker, AgreesWithANaiveModel) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Model model(1 + static_cast<std::uint32_t>(seed * 7 % 130), seed);
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
