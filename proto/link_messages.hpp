// Messages of every link, whatever the roles at its ends. Types 1 to 15.
// Thread: any; values only. Bounds of fields are in their types (fields.hpp); the order in `fields`
// is the order on the wire. See p2p-protocol(7).
#pragma once

#include "proto/fields.hpp"
#include "proto/manifest.hpp"

namespace p2pd::proto {

enum class Role : std::uint8_t { peer, tracker, last = tracker };

// Why a request failed, or a link ends. p2p-protocol(7) says under goodbye and failed when.
enum class Reason : std::uint8_t {
  bad_request, // not understood, or not expected
  not_found,   // it does not exist; only in failed
  refused,     // by policy of the sender
  busy,        // not now, perhaps later
  internal,    // an error of the sender; only in failed
  leaving,     // the node stops, or no longer needs the link
  duplicate,   // another link between the same two nodes stays
  cloned,      // another machine, at the address `why`, is here under this id, and stays
  elsewhere,   // others were sent this chunk; only in failed, to request-first
  last = elsewhere
};

// Whoever divides by a chunk size, or makes room for a bit a chunk, relies on this.
inline void check_shape(std::uint64_t size, std::uint64_t chunk_size) {
  if (!valid_shape(size, chunk_size)) throw Error("a size and a chunk size do not go together");
}

// A node as others may dial it.
struct PeerInfo {
  PeerId id;
  Text<255> name;
  Text<64> site;
  List<Address, 16> addresses;
  static auto fields(auto& m) { return std::tie(m.id, m.name, m.site, m.addresses); }
};

// Bits of Hello::features: what the sender understands besides version 1.
constexpr std::uint64_t feature_attributes = 1;   // file-attributes
constexpr std::uint64_t feature_first_copies = 2; // request-first, sent-chunks

// First message each way, and again when what it says has changed: the last one counts. Who sends
// it is known already: the handshake proved the id.
struct Hello {
  static constexpr std::uint8_t type = 1;
  static constexpr std::string_view title = "hello";
  std::uint16_t version = 1;
  std::uint64_t features = feature_attributes | feature_first_copies;
  Role role = Role::peer;
  Text<255> name;
  Text<64> site;
  Text<32> agent;              // "p2pd/0.1.0"
  std::uint16_t port = 0;      // where the sender listens; 0: nowhere
  List<Address, 16> addresses; // where the receiver may dial it
  std::uint64_t instance = 0;  // drawn at random when the process started
  static auto fields(auto& m) {
    return std::tie(m.version, m.features, m.role, m.name, m.site, m.agent, m.port, m.addresses,
                    m.instance);
  }
};

struct Ping {
  static constexpr std::uint8_t type = 2;
  static constexpr std::string_view title = "ping";
  std::uint64_t nonce = 0;
  static auto fields(auto& m) { return std::tie(m.nonce); }
};

struct Pong {
  static constexpr std::uint8_t type = 3;
  static constexpr std::string_view title = "pong";
  std::uint64_t nonce = 0;
  static auto fields(auto& m) { return std::tie(m.nonce); }
};

// An authenticated close: what follows it is the end of the stream, not a cut.
struct Goodbye {
  static constexpr std::uint8_t type = 4;
  static constexpr std::string_view title = "goodbye";
  Reason reason = Reason::leaving;
  Text<255> why;
  static auto fields(auto& m) { return std::tie(m.reason, m.why); }
};

// Answers a request that has no other answer.
struct Done {
  static constexpr std::uint8_t type = 5;
  static constexpr std::string_view title = "done";
  RequestId request{};
  static auto fields(auto& m) { return std::tie(m.request); }
};

// Answers any request that could not be met.
struct Failed {
  static constexpr std::uint8_t type = 6;
  static constexpr std::string_view title = "failed";
  RequestId request{};
  Reason reason = Reason::internal;
  Text<255> why;
  static auto fields(auto& m) { return std::tie(m.request, m.reason, m.why); }
};

// What do you share? To a tracker: what does that peer share?
struct Discover {
  static constexpr std::uint8_t type = 7;
  static constexpr std::string_view title = "discover";
  RequestId request{};
  PeerId peer;
  Raw<600> cursor; // "" for the first page, then the answer's `next`
  static auto fields(auto& m) { return std::tie(m.request, m.peer, m.cursor); }
};

struct SharedFile {
  ContentId content;
  Name name;
  Raw<4096> path; // relative to the share folder; "" where only the name is known
  std::uint64_t size = 0;
  std::uint32_t chunk_size = 0;
  static auto fields(auto& m) { return std::tie(m.content, m.name, m.path, m.size, m.chunk_size); }
  void check() const { check_shape(size, chunk_size); }
};

struct Shared {
  static constexpr std::uint8_t type = 8;
  static constexpr std::string_view title = "shared";
  RequestId request{};
  PeerInfo peer;
  List<SharedFile, 1000> files;
  Raw<600> next; // "" on the last page
  static auto fields(auto& m) { return std::tie(m.request, m.peer, m.files, m.next); }
};

} // namespace p2pd::proto
