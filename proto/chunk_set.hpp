// A set of chunks of one content: who has what. Thread: any; a value.
#pragma once

#include "proto/ids.hpp"

namespace p2pd::proto {

class ChunkSet {
 public:
  ChunkSet() = default;
  explicit ChunkSet(std::uint32_t chunks, bool full = false);

  // As it travels: chunk 0 is the top bit of byte 0. Throws Error when the length does not fit, or
  // a bit beyond the last chunk is set.
  static ChunkSet from(View bits, std::uint32_t chunks);
  Bytes bits() const;

  bool has(ChunkIndex chunk) const {
    return (words_[number(chunk) / 64] >> (number(chunk) % 64) & 1) != 0;
  }
  bool add(ChunkIndex chunk);                      // false where it was there
  bool remove(ChunkIndex chunk);                   // false where it was not
  std::uint32_t chunks() const { return chunks_; } // how many there could be
  std::uint32_t count() const { return count_; }   // how many there are
  bool full() const { return count_ == chunks_; }
  bool empty() const { return count_ == 0; }
  // 64 chunks each, the first in the lowest bit; surplus bits are zero.
  std::span<const std::uint64_t> words() const { return words_; }

 private:
  std::vector<std::uint64_t> words_;
  std::uint32_t chunks_ = 0;
  std::uint32_t count_ = 0;
};

} // namespace p2pd::proto
