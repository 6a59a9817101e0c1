// How often this node has sent each chunk of one content, since somebody has wanted it without a
// break, and which of them it holds back. Pure policy: the time is passed in. Thread: any; not
// shared.
//
// While a copy is on its way, and as long again as it took, others who want the chunk wait: by then
// it is to be had elsewhere. So few second copies leave a node while the first of others is
// missing.
#pragma once

#include "daemon/swarm/time.hpp"
#include "proto/chunk_set.hpp"
#include "proto/ids.hpp"

#include <memory_resource>
#include <optional>
#include <unordered_map>
#include <vector>

namespace p2pd::swarm {

using proto::ChunkIndex;
using proto::ChunkSet;

// What a request asks for: the chunk only if no other taker was sent it, or in any case.
enum class Copy : bool { first, any };

// One that may ask this node for chunks, by the number that Server gave it.
enum class Taker : std::uint32_t {};

class Copies final {
 public:
  // `memory`: for what comes and goes with every chunk.
  explicit Copies(std::uint32_t chunks,
                  std::pmr::memory_resource* memory = std::pmr::get_default_resource())
      : sent_(chunks), holds_(memory), waiting_(memory) {}

  std::uint32_t of(ChunkIndex chunk) const { return sent_[number(chunk)]; }
  Time held_until(ChunkIndex chunk) const; // Time() where it is not
  void begin(ChunkIndex chunk, Time now);
  // The chunks that were sent, for a taker that was told of `told` of them, which is updated.
  // Nothing if too few are new.
  std::optional<ChunkSet> news(std::uint32_t& told) const;
  void end(ChunkIndex chunk, bool whole, Time now); // not whole: nobody has got it

  // Who waits for which chunk, once for each of its requests: whom begin and end concern.
  void await(ChunkIndex chunk, Taker taker) { waiting_.emplace(chunk, taker); }
  void settle(ChunkIndex chunk, Taker taker);
  template <class Use>
  void each_waiting(ChunkIndex chunk, Use&& use) const {
    const auto [first, last] = waiting_.equal_range(chunk);
    for (auto at = first; at != last; ++at) use(at->second);
  }

 private:
  struct Hold {
    Time begun;
    Time until;
  };
  std::vector<std::uint16_t> sent_;
  std::uint32_t firsts_ = 0; // chunks that were sent
  std::pmr::unordered_map<ChunkIndex, Hold> holds_;
  Time swept_{}; // of those that are over
  std::pmr::unordered_multimap<ChunkIndex, Taker> waiting_;
};

} // namespace p2pd::swarm
