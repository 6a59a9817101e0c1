// How many have each chunk of one content. Thread: any; a value.
//
// The counts stand in binary, a plane of bits for each digit, so that a set is added to 64 of them
// at once: a tracker does this for thousands of holders of a million chunks between two messages,
// for which a counter a chunk would take a second.
#pragma once

#include "proto/chunk_set.hpp"

#include <algorithm>

namespace p2pd::proto {

class ChunkCopies {
 public:
  explicit ChunkCopies(std::uint32_t chunks) : all_(chunks, true) {}

  void add_whole() { ++whole_; }
  void add(const ChunkSet& have) { // of as many chunks
    if (have.full()) return add_whole();
    std::vector<std::uint64_t> carry(have.words().begin(), have.words().end());
    const auto some = [](std::uint64_t word) { return word != 0; };
    for (std::size_t digit = 0; std::ranges::any_of(carry, some); ++digit) {
      if (digit == planes_.size()) planes_.emplace_back(carry.size());
      std::vector<std::uint64_t>& plane = planes_[digit];
      for (std::size_t i = 0; i < carry.size(); ++i) {
        const std::uint64_t sum = plane[i] ^ carry[i];
        carry[i] &= plane[i];
        plane[i] = sum;
      }
    }
  }

  // Of the chunk that fewest have; of no chunks at all, as many as there are holders.
  std::uint32_t rarest() const {
    std::uint32_t least = 0;
    // From the highest digit on, those chunks stay that have a 0 there, if any has.
    std::vector<std::uint64_t> left(all_.words().begin(), all_.words().end());
    for (std::size_t digit = left.empty() ? 0 : planes_.size(); digit-- > 0;) {
      std::vector<std::uint64_t> lower(left.size());
      bool any = false;
      for (std::size_t i = 0; i < left.size(); ++i) {
        lower[i] = left[i] & ~planes_[digit][i];
        any = any || lower[i] != 0;
      }
      if (any)
        left = std::move(lower);
      else
        least |= 1U << digit;
    }
    return whole_ + least;
  }

 private:
  ChunkSet all_;
  std::vector<std::vector<std::uint64_t>> planes_; // the lowest digit first
  std::uint32_t whole_ = 0;                        // holders of all, who are in no plane
};

} // namespace p2pd::proto
