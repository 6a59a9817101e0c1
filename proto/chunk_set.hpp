// A set of chunks of one content: who has what. Thread: any; a value.
#pragma once

#include "proto/ids.hpp"

#include <bit>

namespace p2pd::proto {

class ChunkSet {
 public:
  ChunkSet() = default;
  explicit ChunkSet(std::uint32_t chunks, bool full = false);

  // As on the wire: chunk 0 is the top bit of byte 0. Throws Error if the length does not fit, or a
  // bit beyond the last chunk is set.
  static ChunkSet from(View bits, std::uint32_t chunks);
  Bytes bits() const;

  bool has(ChunkIndex chunk) const {
    return (words_[number(chunk) / 64] >> (number(chunk) % 64) & 1) != 0;
  }
  bool add(ChunkIndex chunk);                      // false: it was there already
  bool remove(ChunkIndex chunk);                   // false: it was not there
  std::uint32_t chunks() const { return chunks_; } // the content's number of chunks
  std::uint32_t count() const { return count_; }   // the number in the set
  bool full() const { return count_ == chunks_; }
  bool empty() const { return count_ == 0; }

  // Calls use(chunk) for each in the set, in order; any: until test(chunk) is true.
  template <class Use>
  void each(Use&& use) const {
    any([&](ChunkIndex chunk) {
      use(chunk);
      return false;
    });
  }
  template <class Test>
  bool any(Test&& test) const {
    for (std::uint32_t i = 0; i < words_.size(); ++i)
      for (std::uint64_t word = words_[i]; word != 0; word &= word - 1)
        if (test(ChunkIndex{64 * i + static_cast<std::uint32_t>(std::countr_zero(word))}))
          return true;
    return false;
  }
  // Of two sets of the same content.
  ChunkSet minus(const ChunkSet& other) const;
  ChunkSet intersection(const ChunkSet& other) const;

  // 64 chunks each, the first in the lowest bit; surplus bits are zero.
  std::span<const std::uint64_t> words() const { return words_; }

 private:
  template <class Combine>
  ChunkSet combined(const ChunkSet& other, Combine&& combine) const;

  std::vector<std::uint64_t> words_;
  std::uint32_t chunks_ = 0;
  std::uint32_t count_ = 0;
};

} // namespace p2pd::proto
