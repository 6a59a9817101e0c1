// Every message that travels between nodes, and its encoding: a msgpack array [type, fields...].
// Thread: any; values only. A new message is a struct in one of the three headers, a line in
// AnyMessage below, golden bytes under tests/golden, a section in p2p-protocol(7) and a feature bit
// in hello.
#pragma once

#include "proto/peer_messages.hpp"
#include "proto/tracker_messages.hpp"

#include <variant>

namespace p2pd::proto {

using AnyMessage = std::variant<
    Hello, Ping, Pong, Goodbye, Done, Failed, Discover, Shared,                    // any link
    Register, Registered, Leave, Publish, Unpublish, ListFiles, Listing, Resolve,  // with a tracker
    Resolved, Locate, Located, HaveBatch, Chunks, ChunkMap, Reconcile, Reconciled, //
    RelayPing, Relayed, Unreachable, DialBack, Follow, Notice, Ban,                //
    Want, Unwant, Bitfield, HaveAll, Have, Gone, Request, Cancel, Segment,         // between peers
    ManifestRequest, ManifestSize, PeerExchange, FileAttributes, RequestFirst, SentChunks>;

// A class of its own, so that copying and destroying any of them is compiled once, in message.cpp,
// and not by every file that sends one.
struct Message : AnyMessage {
  template <class M>
  requires requires { M::type; }
  Message(M message) : AnyMessage(std::in_place_type<M>, std::move(message)) {}
  Message(const Message& other);
  Message(Message&& other) noexcept;
  ~Message();
};

// Appends one frame. Throws Error when the message outgrows a frame, which is a bug of the sender.
void encode_frame(const Message& message, Bytes& out);

// The payload of one frame. Throws Error when it is not exactly one well-formed message.
Message decode(Decoder& decoder, View payload);

std::string_view title(const Message& message);

} // namespace p2pd::proto
