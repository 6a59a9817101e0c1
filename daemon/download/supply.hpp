// What a fetch has to fetch from: its trackers, its sources, and what each of them does at this
// moment. Values, gathered on the loop for transfer/explain, which has words for them. Thread: any.
#pragma once

#include "daemon/net/dialer.hpp"
#include "proto/ids.hpp"

#include <optional>
#include <string>
#include <vector>

namespace p2pd::download {

struct TrackerSituation {
  std::string address; // "host:port"
  std::uint16_t port = 0;
  bool connected = false;
  // Where it is not:
  bool cloned = false; // it has a link to another machine that uses this node's identity
  std::string cause;
  net::Attempts tried;
  // Where it is: why it does not list what this node has of the content; "": it does.
  std::string refusal = {};
};

// A request for the manifest that is under way, or is repeated in a while.
struct ManifestSituation {
  io::Clock::duration waited{};
  unsigned silent = 0;         // so many times it has sent nothing
  io::Clock::duration rests{}; // until it is asked again; 0: it is being asked
  std::uint64_t size = 0;      // 0: not announced yet
  std::uint64_t received = 0;
};

// The chunk that has been coming from a source for the longest.
struct ChunkSituation {
  std::uint32_t index = 0;
  io::Clock::duration waited{};
  std::uint64_t size = 0;
  std::uint64_t received = 0;
};

enum class PathTrouble : std::uint8_t {
  none,
  suspected, // nothing comes, and what is sent is acknowledged
  evaded,    // large packets were lost on it, so there are small ones alone
};

// A peer that the trackers, or other peers, name as having the content.
struct SourceSituation {
  std::string name;
  proto::PeerId id{};
  bool connected = false;
  // Where it is not:
  bool distrusted = false; // it sent wrong bytes
  bool banned = false;     // by a tracker
  std::string cause;       // "" while it is dialled for the first time
  net::Attempts tried;
  bool may_call_back = false; // a tracker could ask it to dial this node
  // Where it is:
  bool offers = false; // it has said which chunks it has
  std::optional<ManifestSituation> manifest;
  std::optional<ChunkSituation> chunk;
  bool busy = false;            // it said so, or has sent nothing of what it was asked for
  io::Clock::duration outrun{}; // it was too slow, and is not asked for so long
  double rate = 0;              // bytes per second
  std::uint64_t held = 0;       // bytes of payload buffers that wait for it, if it is slow
  PathTrouble path = PathTrouble::none;
};

struct Supply {
  std::vector<TrackerSituation> trackers;
  std::optional<std::size_t> told; // how many sources the trackers named; nothing before they did
  bool restricted = false;         // only some peers may be asked
  std::vector<SourceSituation> sources;
  std::string full;          // that all connections are in use; "" where there is room for more
  bool checking = false;     // the manifest is here and being verified
  std::uint32_t nowhere = 0; // chunks that no source has
  std::uint32_t example = 0; // one of them
  bool limited = false;      // by the download limit
  bool far_limited = false;  // by that between sites
  bool no_memory = false;    // all payload buffers are in use
  std::string memory_limit;  // of the system, where that is why payload waits for memory
};

} // namespace p2pd::download
