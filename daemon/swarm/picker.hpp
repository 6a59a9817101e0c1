// Which chunk to ask whom for: rarest first, ties broken at random, among those that a given source
// has. Pure policy: no clock, no socket; the seed makes it repeatable.
//
//   open ----pick----> taken ----got----> got
//    ^--put_back---------'
//
// Open chunks stand in one bucket for each number of partial sources that have them; whole sources
// raise every chunk alike and are not counted. A chunk moves between buckets in constant time, and
// a pick looks at one chunk where the source is whole.
#pragma once

#include "proto/chunk_set.hpp"

#include <optional>
#include <random>

namespace p2pd::swarm {

using proto::ChunkIndex;
using proto::ChunkSet;

class Picker final {
 public:
  Picker(std::uint32_t chunks, std::uint64_t seed);

  // For sources that are partial when they come; they stay counted, even as they grow whole.
  void add_source(const ChunkSet& has);
  void remove_source(const ChunkSet& has);
  void source_gained(ChunkIndex chunk);
  void source_lost(ChunkIndex chunk);

  // An open chunk that the source has; taken from now on.
  std::optional<ChunkIndex> pick(const ChunkSet& has);
  void put_back(ChunkIndex chunk); // taken, but it did not come
  void got(ChunkIndex chunk);      // from any state; final

  std::uint32_t open() const { return open_; }
  std::uint32_t missing() const { return missing_; } // open or taken
  bool is_got(ChunkIndex chunk) const { return state_[number(chunk)] == State::got; }
  bool is_taken(ChunkIndex chunk) const { return state_[number(chunk)] == State::taken; }

 private:
  enum class State : std::uint8_t { open, taken, got };
  using Bucket = std::vector<std::uint32_t>;

  void enter(std::uint32_t chunk); // into its bucket
  void leave(std::uint32_t chunk); // out of it
  void count(std::uint32_t chunk, int change);

  std::vector<State> state_;
  std::vector<std::uint32_t> copies_;   // partial sources that have the chunk
  std::vector<std::uint32_t> position_; // of an open chunk in its bucket
  std::vector<Bucket> buckets_;         // by copies
  std::uint32_t open_ = 0;
  std::uint32_t missing_ = 0;
  std::mt19937_64 random_;
};

} // namespace p2pd::swarm
