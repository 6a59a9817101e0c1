// Messages between a peer and a tracker. Types 16 to 63. A tracker has soft state only: it knows
// what the connected peers have announced, and after a reconnect a peer announces everything that
// the tracker does not remember. Thread: any; values only. See p2p-protocol(7).
#pragma once

#include "proto/link_messages.hpp"

namespace p2pd::proto {

// Peer to tracker, once after hello: list me.
struct Register {
  static constexpr std::uint8_t type = 16;
  static constexpr std::string_view title = "register";
  RequestId request{};
  static auto fields(auto& m) { return std::tie(m.request); }
};

struct Registered {
  static constexpr std::uint8_t type = 17;
  static constexpr std::string_view title = "registered";
  RequestId request{};
  Address observed;             // the peer's address as the tracker sees it
  std::uint32_t timeout_s = 30; // silence after which the peer is dropped
  static auto fields(auto& m) { return std::tie(m.request, m.observed, m.timeout_s); }
};

// Peer to tracker: unlist me and my contents; the link may stay.
struct Leave {
  static constexpr std::uint8_t type = 18;
  static constexpr std::string_view title = "leave";
  RequestId request{};
  static auto fields(auto& m) { return std::tie(m.request); }
};

// I have this content, whole or in part. With `claim` I also publish it under this name; a later
// claim of the same name by the same node replaces the earlier. Answered by done.
struct Publish {
  static constexpr std::uint8_t type = 19;
  static constexpr std::string_view title = "publish";
  RequestId request{};
  ContentId content;
  Name name;
  std::uint64_t size = 0;
  std::uint32_t chunk_size = 0;
  bool claim = false;
  bool whole = false;
  Bitmap have; // empty when `whole`
  static auto fields(auto& m) {
    return std::tie(m.request, m.content, m.name, m.size, m.chunk_size, m.claim, m.whole, m.have);
  }
  void check() const { check_shape(size, chunk_size); }
};

// I no longer have, nor claim, this content. Answered by done.
struct Unpublish {
  static constexpr std::uint8_t type = 20;
  static constexpr std::string_view title = "unpublish";
  RequestId request{};
  ContentId content;
  static auto fields(auto& m) { return std::tie(m.request, m.content); }
};

struct Publisher {
  PeerId id;
  Text<255> name;
  Address address;
  static auto fields(auto& m) { return std::tie(m.id, m.name, m.address); }
};

// One row of the catalog: a content under one name.
struct CatalogEntry {
  ContentId content;
  Name name;
  std::uint64_t size = 0;
  std::uint32_t chunk_size = 0;
  std::uint32_t sources = 0; // peers that have every chunk
  std::uint32_t partial = 0; // peers that have some
  std::uint32_t publishers_total = 0;
  List<Publisher, 20> publishers; // those who claim the name
  static auto fields(auto& m) {
    return std::tie(m.content, m.name, m.size, m.chunk_size, m.sources, m.partial,
                    m.publishers_total, m.publishers);
  }
  void check() const { check_shape(size, chunk_size); }
};

// The catalog, filtered by a glob or a substring ("" for all), page by page. Answered by listing.
struct ListFiles {
  static constexpr std::uint8_t type = 21;
  static constexpr std::string_view title = "list";
  RequestId request{};
  Raw<255> pattern;
  Raw<600> cursor; // "" for the first page, then the answer's `next`
  static auto fields(auto& m) { return std::tie(m.request, m.pattern, m.cursor); }
};

struct Listing {
  static constexpr std::uint8_t type = 22;
  static constexpr std::string_view title = "listing";
  RequestId request{};
  List<CatalogEntry, 1000> files;
  Raw<600> next; // "" on the last page
  static auto fields(auto& m) { return std::tie(m.request, m.files, m.next); }
};

// What does this word mean? A content's name or a prefix of its id; a peer's name, address or a
// prefix of its id. Answered by resolved, with every candidate.
struct Resolve {
  static constexpr std::uint8_t type = 23;
  static constexpr std::string_view title = "resolve";
  RequestId request{};
  Raw<600> word;
  static auto fields(auto& m) { return std::tie(m.request, m.word); }
};

struct Resolved {
  static constexpr std::uint8_t type = 24;
  static constexpr std::string_view title = "resolved";
  RequestId request{};
  List<CatalogEntry, 100> files;
  List<PeerInfo, 100> peers;
  static auto fields(auto& m) { return std::tie(m.request, m.files, m.peers); }
};

// Who has this content? Without bitmaps, which peers exchange. Answered by located.
struct Locate {
  static constexpr std::uint8_t type = 25;
  static constexpr std::string_view title = "locate";
  RequestId request{};
  ContentId content;
  static auto fields(auto& m) { return std::tie(m.request, m.content); }
};

struct Source {
  PeerInfo peer;
  bool whole = false;
  static auto fields(auto& m) { return std::tie(m.peer, m.whole); }
};

struct Located {
  static constexpr std::uint8_t type = 26;
  static constexpr std::string_view title = "located";
  RequestId request{};
  List<Source, 200> sources;
  static auto fields(auto& m) { return std::tie(m.request, m.sources); }
};

// Chunks that arrived since the last such message, at most one message a second.
struct Arrived {
  ContentId content;
  List<ChunkIndex, 16384> chunks;
  static auto fields(auto& m) { return std::tie(m.content, m.chunks); }
};

struct HaveBatch {
  static constexpr std::uint8_t type = 27;
  static constexpr std::string_view title = "have-batch";
  List<Arrived, 256> arrived;
  static auto fields(auto& m) { return std::tie(m.arrived); }
};

// Who has which chunks, one page of holders at a time. Answered by chunk-map.
struct Chunks {
  static constexpr std::uint8_t type = 28;
  static constexpr std::string_view title = "chunks";
  RequestId request{};
  ContentId content;
  Raw<600> cursor;
  static auto fields(auto& m) { return std::tie(m.request, m.content, m.cursor); }
};

struct Holder {
  PeerId id;
  Text<255> name;
  bool whole = false;
  Bitmap have; // empty when `whole`
  static auto fields(auto& m) { return std::tie(m.id, m.name, m.whole, m.have); }
};

struct ChunkMap {
  static constexpr std::uint8_t type = 29;
  static constexpr std::string_view title = "chunk-map";
  RequestId request{};
  std::uint32_t rarest = 0; // copies of the rarest chunk
  List<Holder, 1000> holders;
  Raw<600> next;
  static auto fields(auto& m) { return std::tie(m.request, m.rarest, m.holders, m.next); }
};

// After register: digests of everything that the peer would announce, one per group; see
// reconcile.hpp. What was announced before the link was lost and is unchanged counts as announced
// again. Answered by reconciled.
struct Reconcile {
  static constexpr std::uint8_t type = 30;
  static constexpr std::string_view title = "reconcile";
  RequestId request{};
  List<Digest, 256> digests; // at least one
  static auto fields(auto& m) { return std::tie(m.request, m.digests); }
};

struct Reconciled {
  static constexpr std::uint8_t type = 31;
  static constexpr std::string_view title = "reconciled";
  RequestId request{};
  List<std::uint8_t, 256> differ; // the groups that have to be announced
  static auto fields(auto& m) { return std::tie(m.request, m.differ); }
};

// Ping that peer for me, as I cannot dial it. Answered by relayed.
struct RelayPing {
  static constexpr std::uint8_t type = 32;
  static constexpr std::string_view title = "relay-ping";
  RequestId request{};
  PeerId peer;
  static auto fields(auto& m) { return std::tie(m.request, m.peer); }
};

struct Relayed {
  static constexpr std::uint8_t type = 33;
  static constexpr std::string_view title = "relayed";
  RequestId request{};
  bool alive = false;
  std::uint32_t rtt_us = 0; // tracker to peer and back
  static auto fields(auto& m) { return std::tie(m.request, m.alive, m.rtt_us); }
};

// To the tracker: I could not dial this peer; have it dial me.
struct Unreachable {
  static constexpr std::uint8_t type = 34;
  static constexpr std::string_view title = "unreachable";
  PeerId peer;
  static auto fields(auto& m) { return std::tie(m.peer); }
};

// From the tracker: this peer could not dial you; dial it.
struct DialBack {
  static constexpr std::uint8_t type = 35;
  static constexpr std::string_view title = "dial-back";
  PeerInfo peer;
  static auto fields(auto& m) { return std::tie(m.peer); }
};

enum class NoticeKind : std::uint8_t {
  peer_came,
  peer_left,
  peer_lost, // fell silent, or its connection broke
  published,
  withdrawn,
  fetched, // a peer has become a complete source
  last = fetched
};
constexpr std::uint32_t bit(NoticeKind kind) {
  return 1U << static_cast<unsigned>(kind);
}

// Which notices the sender wants from now on: bit N is NoticeKind N.
struct Follow {
  static constexpr std::uint8_t type = 36;
  static constexpr std::string_view title = "follow";
  std::uint32_t kinds = 0;
  static auto fields(auto& m) { return std::tie(m.kinds); }
};

struct Notice {
  static constexpr std::uint8_t type = 37;
  static constexpr std::string_view title = "notice";
  NoticeKind kind = NoticeKind::peer_came;
  PeerInfo peer;
  List<CatalogEntry, 1> file; // empty if the notice is about a peer
  static auto fields(auto& m) { return std::tie(m.kind, m.peer, m.file); }
};

// From a tracker that the peer is configured to trust: these ids are banned, these no longer.
// `whole`: `banned` is the complete list, so other bans of this tracker are lifted.
struct Ban {
  static constexpr std::uint8_t type = 38;
  static constexpr std::string_view title = "ban";
  bool whole = false;
  List<PeerId, 10000> banned;
  List<PeerId, 10000> lifted;
  static auto fields(auto& m) { return std::tie(m.whole, m.banned, m.lifted); }
};

} // namespace p2pd::proto
