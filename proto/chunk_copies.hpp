// How many have each chunk of one content. Thread: any; a value.
//
// The counts stand in binary, a plane of bits for each digit, so that 64 of them are changed at
// once, and all of them take no more room than a few sets: a tracker keeps them for a million
// chunks as holders come and go, for which a counter a chunk would take 4 MiB.
#pragma once

#include "proto/chunk_set.hpp"

namespace p2pd::proto {

class ChunkCopies {
 public:
  explicit ChunkCopies(std::uint32_t chunks) : chunks_(chunks) {}

  void add_whole() { ++whole_; } // who has all of them, and is in no plane
  // Of as many chunks; what is removed was added before, at once or chunk by chunk.
  void add(const ChunkSet& have);
  void remove(const ChunkSet& have);
  void add(ChunkIndex chunk);

  struct Rarest {
    std::uint32_t copies = 0;          // of no chunks at all, as many as there are holders
    std::vector<std::uint64_t> chunks; // that so many have; words as in ChunkSet
  };
  Rarest rarest() const;

 private:
  std::uint32_t chunks_;
  std::vector<std::vector<std::uint64_t>> planes_; // the lowest digit first; the highest is not 0
  std::uint32_t whole_ = 0;
};

} // namespace p2pd::proto
