// Which chunk to ask whom for, among those that are wanted and that a given source has: rarest
// first with ties broken at random, or in the order of the content. Pure policy: no clock, no
// socket; the seed makes it repeatable.
//
//   open ----pick----> taken ----got----> got
//    ^--put_back---------'
//
// Open chunks stand in one bucket for each number of partial sources that have them; whole sources
// raise every chunk alike and are not counted. A chunk that is on its way to a first other node
// counts as if that had it. A chunk moves between buckets in constant time, and a pick looks at one
// chunk where the source is whole. In order, it begins at the lowest open one.
#pragma once

#include "proto/chunk_set.hpp"

#include <optional>
#include <random>

namespace p2pd::swarm {

using proto::ChunkIndex;
using proto::ChunkSet;

enum class Order : bool { rarest_first, in_order };

class Picker final {
 public:
  Picker(const ChunkSet& wanted, Order order, std::uint64_t seed);

  // For sources that are partial when they come; they stay counted, even as they grow whole.
  void add_source(const ChunkSet& has);
  void remove_source(const ChunkSet& has);
  void source_gained(ChunkIndex chunk);
  void source_lost(ChunkIndex chunk);
  void sent_elsewhere(ChunkIndex chunk); // by a source; idempotent
  // Another node than the source, counted or not, has it or will have it soon.
  bool is_elsewhere(ChunkIndex chunk, bool counted) const {
    return elsewhere_[number(chunk)] || copies_[number(chunk)] > (counted ? 1U : 0U);
  }

  // An open chunk that the source has; taken from now on. `counted`: the source was added above.
  std::optional<ChunkIndex> pick(const ChunkSet& has, bool counted);
  void put_back(ChunkIndex chunk); // taken, but it did not come
  void got(ChunkIndex chunk);      // from any state; final

  std::uint32_t open() const { return open_; }
  std::uint32_t missing() const { return missing_; } // open or taken
  bool is_open(ChunkIndex chunk) const { return state_[number(chunk)] == State::open; }
  // A counted source with these: no other counted one has some open chunk of them.
  bool is_sole(const ChunkSet& has) const;
  bool is_got(ChunkIndex chunk) const { return state_[number(chunk)] == State::got; }
  bool is_taken(ChunkIndex chunk) const { return state_[number(chunk)] == State::taken; }

 private:
  enum class State : std::uint8_t { unwanted, open, taken, got };
  using Bucket = std::vector<std::uint32_t>;

  void enter(std::uint32_t chunk); // into its bucket
  void leave(std::uint32_t chunk); // out of it
  void count(std::uint32_t chunk, int change);
  std::optional<std::uint32_t> rarest(const ChunkSet& has, bool counted);
  std::optional<std::uint32_t> lowest(const ChunkSet& has);

  Order order_;
  std::vector<State> state_;
  std::vector<std::uint32_t> copies_; // partial sources that have the chunk, or will

  std::vector<bool> elsewhere_;         // a source has sent it to another node
  std::vector<bool> expected_;          // to one that is among the copies and has not told of it
  std::vector<std::uint32_t> position_; // of an open chunk in its bucket
  std::vector<Bucket> buckets_;         // by copies
  std::uint32_t lowest_ = 0;            // no chunk before it is open
  std::uint32_t open_ = 0;
  std::uint32_t missing_ = 0;
  std::mt19937_64 random_;
};

} // namespace p2pd::swarm
