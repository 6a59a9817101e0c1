// Strong types for all ids and indices on the wire, so that a chunk index cannot be passed as an
// offset, nor a peer id as a content id. Thread: any; values only.
#pragma once

#include "proto/bytes.hpp"

#include <array>
#include <compare>
#include <cstring>
#include <functional>
#include <optional>

namespace p2pd::proto {

// A 32-byte id; Tag distinguishes its kinds.
template <class Tag>
struct Id {
  static constexpr std::size_t size = 32;
  std::array<std::uint8_t, size> bytes{};

  auto operator<=>(const Id&) const = default;
};

using ContentId = Id<struct ContentTag>; // BLAKE2b-256 of the manifest
using PeerId = Id<struct PeerTag>;       // the node's static X25519 public key
using Digest = Id<struct DigestTag>;     // BLAKE2b-256 of a chunk (tree) or of any list

enum class ChunkIndex : std::uint32_t {}; // from 0, below the content's count of chunks
enum class ByteOffset : std::uint64_t {}; // from the first byte of the content
enum class RequestId : std::uint32_t {
}; // chosen by the asker, unique among its pending requests on one link

constexpr std::uint32_t number(ChunkIndex index) {
  return static_cast<std::uint32_t>(index);
}
constexpr std::uint64_t number(ByteOffset offset) {
  return static_cast<std::uint64_t>(offset);
}
constexpr std::uint32_t number(RequestId id) {
  return static_cast<std::uint32_t>(id);
}

std::string to_text(const ContentId& id); // 64 hex digits
std::string to_text(const Digest& id);    // 64 hex digits
std::string to_text(const PeerId& id);    // 52 base32 digits, lower case
std::optional<ContentId> content_id(std::string_view digits);
std::optional<PeerId> peer_id(std::string_view digits);

} // namespace p2pd::proto

// Ids are hashes or keys, so any eight bytes of them are a good hash.
template <class Tag>
struct std::hash<p2pd::proto::Id<Tag>> {
  std::size_t operator()(const p2pd::proto::Id<Tag>& id) const noexcept {
    std::size_t value;
    std::memcpy(&value, id.bytes.data(), sizeof value);
    return value;
  }
};
