// How many holders each chunk of one content has. Thread: any; a value.
//
// The counts are bit-sliced, one plane of bits per binary digit, so that 64 of them change at once
// and all of them take no more memory than a few sets: a tracker maintains them for a million
// chunks as holders come and go, for which a counter per chunk would take 4 MiB.
#pragma once

#include "proto/chunk_set.hpp"

namespace p2pd::proto {

class ChunkCopies {
 public:
  explicit ChunkCopies(std::uint32_t chunks) : chunks_(chunks) {}

  void add_whole() { ++whole_; } // a holder of all chunks, counted separately
  // Of the same number of chunks; only what was added, at once or chunk by chunk, may be removed.
  void add(const ChunkSet& have);
  void remove(const ChunkSet& have);
  void add(ChunkIndex chunk);

  struct Rarest {
    std::uint32_t copies = 0;          // without any chunks: the number of holders
    std::vector<std::uint64_t> chunks; // those with so many copies; words as in ChunkSet
  };
  Rarest rarest() const;

 private:
  std::uint32_t chunks_;
  std::vector<std::vector<std::uint64_t>> planes_; // lowest digit first; the highest is not 0
  std::uint32_t whole_ = 0;
};

} // namespace p2pd::proto
