// One fixed, fully populated sample of everything that travels; its bytes stand in messages/,
// control/ and manifest/ beside this file. A message without a sample does not compile.
#pragma once

#include "proto/control/control_messages.hpp"
#include "proto/manifest.hpp"
#include "proto/message.hpp"

namespace p2pd::golden {

template <class M>
M sample() = delete;

// clang-format off
template <> proto::Hello sample();
template <> proto::Ping sample();
template <> proto::Pong sample();
template <> proto::Goodbye sample();
template <> proto::Done sample();
template <> proto::Failed sample();
template <> proto::Discover sample();
template <> proto::Shared sample();

template <> proto::Register sample();
template <> proto::Registered sample();
template <> proto::Leave sample();
template <> proto::Publish sample();
template <> proto::Unpublish sample();
template <> proto::ListFiles sample();
template <> proto::Listing sample();
template <> proto::Resolve sample();
template <> proto::Resolved sample();
template <> proto::Locate sample();
template <> proto::Located sample();
template <> proto::HaveBatch sample();
template <> proto::Chunks sample();
template <> proto::ChunkMap sample();
template <> proto::Reconcile sample();
template <> proto::Reconciled sample();
template <> proto::RelayPing sample();
template <> proto::Relayed sample();
template <> proto::Unreachable sample();
template <> proto::DialBack sample();
template <> proto::Follow sample();
template <> proto::Notice sample();
template <> proto::Ban sample();

template <> proto::Want sample();
template <> proto::Unwant sample();
template <> proto::Bitfield sample();
template <> proto::HaveAll sample();
template <> proto::Have sample();
template <> proto::Gone sample();
template <> proto::Request sample();
template <> proto::Cancel sample();
template <> proto::Segment sample();
template <> proto::ManifestRequest sample();
template <> proto::ManifestSize sample();
template <> proto::PeerExchange sample();
template <> proto::FileAttributes sample();
template <> proto::RequestFirst sample();
template <> proto::SentChunks sample();
// clang-format on

std::vector<proto::Message> messages(); // every alternative of proto::Message, once

proto::ControlRequest control_request();
proto::ControlReply control_reply(proto::ReplyKind kind);
proto::Manifest single_file();
proto::Manifest tree();

} // namespace p2pd::golden
