// Which chunks a host requests from sources at other sites, so that hardly any chunk crosses the
// line between two sites twice: those that no source of its own site has, and of these its own
// part. Every host of a site computes by itself whose part a chunk is, by rendezvous hashing over
// its sources at the site and itself (Thaler and Ravishankar, 1996). So hosts that know each other
// import each chunk once, without a message about it. A source that gains nothing for a while has
// no part, and a host that gets nothing for a while may request everything. Pure policy: the time
// is passed in. Thread: any; not shared.
#pragma once

#include "daemon/swarm/time.hpp"
#include "proto/chunk_set.hpp"

#include <vector>

namespace p2pd::swarm {

using proto::ChunkIndex;
using proto::ChunkSet;

class Imports final {
 public:
  static constexpr Duration patience = std::chrono::seconds(1); // for a chunk to come to this host
  static constexpr Duration patience_with_others = std::chrono::seconds(2); // to one of its site

  // `self`: a hash of this host's id, as it is a key of its neighbours.
  Imports(std::uint32_t chunks, std::uint64_t self, Time now);

  // A source of the own site, by a hash of its id, with what it has.
  void add(std::uint64_t key, const ChunkSet& has, Time now);
  void remove(std::uint64_t key, const ChunkSet& has);
  void gained(std::uint64_t key, ChunkIndex chunk, Time now);
  void lost(ChunkIndex chunk);                   // by such a source
  void progressed(Time now) { progress_ = now; } // a chunk has come to this host

  bool tick(Time now);                      // now and then; true: more may be asked for than before
  bool relaxed() const { return relaxed_; } // everything may be
  ChunkSet of(const ChunkSet& has);         // what a source at another site has

 private:
  struct Other { // a source of the own site
    std::uint64_t key = 0;
    Time progress{};
    bool idle = false;
  };
  void divide();

  std::uint64_t self_;
  std::vector<Other> others_;
  std::vector<std::uint32_t> holders_; // of each chunk, among those
  ChunkSet open_;                      // nobody of the own site has these
  ChunkSet part_;                      // these fall to this host
  bool divided_ = true;                // part_ is up to date
  Time progress_;
  bool relaxed_ = false;
};

} // namespace p2pd::swarm
