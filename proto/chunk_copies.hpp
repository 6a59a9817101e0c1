// How many have each chunk of one content. Thread: any; a value.
#pragma once

#include "proto/chunk_set.hpp"

#include <algorithm>

namespace p2pd::proto {

class ChunkCopies {
 public:
  explicit ChunkCopies(std::uint32_t chunks) : partial_(chunks) {}

  void add(const ChunkSet& have) { // of as many chunks
    if (have.full()) return add_whole();
    for (std::uint32_t i = 0; i < have.chunks(); ++i)
      partial_[i] += have.has(ChunkIndex{i}) ? 1 : 0;
  }
  void add_whole() { ++whole_; }

  // Of the chunk that fewest have; of no chunks at all, as many as there are holders.
  std::uint32_t rarest() const {
    const auto least = std::ranges::min_element(partial_);
    return whole_ + (least == partial_.end() ? 0 : *least);
  }

 private:
  std::vector<std::uint32_t> partial_; // copies of those who have some
  std::uint32_t whole_ = 0;            // and of those who have all
};

} // namespace p2pd::proto
