// What the tests of tracker/ share: ids, and messages that publish.
#pragma once

#include "proto/chunk_set.hpp"
#include "proto/tracker_messages.hpp"

#include <gtest/gtest.h>

namespace p2pd::tracker {

inline constexpr std::uint32_t chunk_size = 16 * 1024;

// Its text begins with these digits.
inline proto::ContentId content(std::string digits) {
  digits.resize(64, '0');
  return *proto::content_id(digits);
}

inline proto::PeerId peer(std::uint8_t number) {
  proto::PeerId id;
  id.bytes.fill(number);
  return id;
}

// A content of ten chunks, whole and claimed.
inline proto::Publish publication(const proto::ContentId& id, const std::string& name) {
  proto::Publish message;
  message.content = id;
  message.name.bytes = name;
  message.size = 10 * chunk_size;
  message.chunk_size = chunk_size;
  message.claim = true;
  message.whole = true;
  return message;
}

// What a fetcher tells: chunks below `count`, and no claim.
inline proto::Publish use(const proto::ContentId& id, const std::string& name,
                          std::uint32_t count = 10) {
  proto::Publish message = publication(id, name);
  message.claim = false;
  message.whole = count == 10;
  if (message.whole) return message;
  message.have.bits.assign(2, 0);
  for (std::uint32_t i = 0; i < count; ++i)
    message.have.bits[i / 8] |= static_cast<std::uint8_t>(0x80U >> (i % 8));
  return message;
}

inline proto::Arrived arrival(const proto::ContentId& id,
                              std::initializer_list<std::uint32_t> chunks) {
  proto::Arrived message{id, {}};
  for (const std::uint32_t chunk : chunks) message.chunks.push_back(proto::ChunkIndex{chunk});
  return message;
}

} // namespace p2pd::tracker
