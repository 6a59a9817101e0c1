// Messages between two peers. Types 64 to 95.
//
// Bulk data does not pass through msgpack: `segment` ends its record, and the raw bytes that it
// announces follow in records of their own. Other messages may come between two segments.
//
// Thread: any; values only. See p2p-protocol(7).
#pragma once

#include "proto/link_messages.hpp"

namespace p2pd::proto {

// I want this content: tell me what you have of it, now and as it grows. Answered by
// have-all or bitfield, or by failed.
struct Want {
  static constexpr std::uint8_t type = 64;
  static constexpr std::string_view title = "want";
  RequestId request{};
  ContentId content;
  static auto fields(auto& m) { return std::tie(m.request, m.content); }
};

// I no longer want it.
struct Unwant {
  static constexpr std::uint8_t type = 65;
  static constexpr std::string_view title = "unwant";
  ContentId content;
  static auto fields(auto& m) { return std::tie(m.content); }
};

struct Bitfield {
  static constexpr std::uint8_t type = 66;
  static constexpr std::string_view title = "bitfield";
  ContentId content;
  Bitmap have;
  static auto fields(auto& m) { return std::tie(m.content, m.have); }
};

struct HaveAll {
  static constexpr std::uint8_t type = 67;
  static constexpr std::string_view title = "have-all";
  ContentId content;
  static auto fields(auto& m) { return std::tie(m.content); }
};

// Chunks that the sender has gained since; to peers that want the content.
struct Have {
  static constexpr std::uint8_t type = 68;
  static constexpr std::string_view title = "have";
  ContentId content;
  List<ChunkIndex, 4096> chunks;
  static auto fields(auto& m) { return std::tie(m.content, m.chunks); }
};

// The sender no longer has this content (unpublished, or damaged): forget what it had.
struct Gone {
  static constexpr std::uint8_t type = 69;
  static constexpr std::string_view title = "gone";
  ContentId content;
  static auto fields(auto& m) { return std::tie(m.content); }
};

// Send me this chunk. Answered by segments that cover it in order, or by failed.
struct Request {
  static constexpr std::uint8_t type = 70;
  static constexpr std::string_view title = "request";
  RequestId request{};
  ContentId content;
  ChunkIndex chunk{};
  static auto fields(auto& m) { return std::tie(m.request, m.content, m.chunk); }
};

// Cancel; takes effect at the next segment. Answered by failed, unless all of it has been sent.
struct Cancel {
  static constexpr std::uint8_t type = 71;
  static constexpr std::string_view title = "cancel";
  RequestId request{};
  static auto fields(auto& m) { return std::tie(m.request); }
};

constexpr std::uint32_t max_segment = 128 * 1024;

// `length` raw bytes follow in the next records, at `offset` of what was requested.
struct Segment {
  static constexpr std::uint8_t type = 72;
  static constexpr std::string_view title = "segment";
  RequestId request{};
  std::uint32_t offset = 0;
  std::uint32_t length = 0; // 1 to max_segment
  static auto fields(auto& m) { return std::tie(m.request, m.offset, m.length); }
  void check() const {
    if (length == 0 || length > max_segment) throw Error("a segment is empty or too long");
  }
};

// Send me the manifest. Answered by manifest-size and then segments, or by failed.
struct ManifestRequest {
  static constexpr std::uint8_t type = 73;
  static constexpr std::string_view title = "manifest-request";
  RequestId request{};
  ContentId content;
  static auto fields(auto& m) { return std::tie(m.request, m.content); }
};

struct ManifestSize {
  static constexpr std::uint8_t type = 74;
  static constexpr std::string_view title = "manifest-size";
  RequestId request{};
  std::uint32_t size = 0; // bytes, 1 to max_manifest
  static auto fields(auto& m) { return std::tie(m.request, m.size); }
  void check() const {
    if (size == 0 || size > max_manifest) throw Error("a manifest is empty or too long");
  }
};

// Other holders of this content that the sender knows, so that a swarm survives without a tracker.
struct PeerExchange {
  static constexpr std::uint8_t type = 75;
  static constexpr std::string_view title = "peer-exchange";
  ContentId content;
  List<PeerInfo, 50> peers;
  static auto fields(auto& m) { return std::tie(m.content, m.peers); }
};

// The sender's attributes of a single file that the receiver wants. To nodes that have set
// feature_attributes; before have-all or bitfield.
struct FileAttributes {
  static constexpr std::uint8_t type = 76;
  static constexpr std::string_view title = "file-attributes";
  ContentId content;
  bool executable = false;
  std::uint64_t mtime_ns = 0; // since the epoch; 0: not known
  static auto fields(auto& m) { return std::tie(m.content, m.executable, m.mtime_ns); }
};

// As request, unless others were sent this chunk: then failed, reason elsewhere. To nodes that have
// set feature_first_copies, as sent-chunks.
struct RequestFirst {
  static constexpr std::uint8_t type = 77;
  static constexpr std::string_view title = "request-first";
  RequestId request{};
  ContentId content;
  ChunkIndex chunk{};
  static auto fields(auto& m) { return std::tie(m.request, m.content, m.chunk); }
};

// The chunks of this content that the sender has sent to others so far. Before failed, where there
// is news.
struct SentChunks {
  static constexpr std::uint8_t type = 78;
  static constexpr std::string_view title = "sent-chunks";
  ContentId content;
  Bitmap sent;
  static auto fields(auto& m) { return std::tie(m.content, m.sent); }
};

} // namespace p2pd::proto
