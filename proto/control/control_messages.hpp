// What travels on the control socket, in the same frames as between nodes but without encryption:
//
//   client to daemon   [id, command, {params}]
//   daemon to client   [id, "ok" | "error" | "event", {...}]
//
// A command may send events before its one "ok" or "error", and several run on one connection,
// identified by the id that the client chooses. An error is {code, message, remedy}; with id 0 it
// is about the connection itself, which is then closed. Thread: any; values only. Decoding throws
// Error.
#pragma once

#include "proto/control/value.hpp"
#include "proto/frame.hpp"

namespace p2pd::proto {

constexpr std::uint64_t of_no_request = 0;

// Exit codes of p2pctl, which are also the error codes on the control socket.
enum class ExitCode : std::uint8_t {
  done = 0,
  failed = 1, // the daemon refused, or the operation failed
  usage = 2,
  no_daemon = 3,
  not_found = 4, // no such content, peer or transfer
  timed_out = 5,
  interrupted = 130,
};

struct ControlRequest {
  std::uint64_t id = 0;
  std::string command;
  Value params; // an object, or null for none
};

enum class ReplyKind : std::uint8_t { ok, error, event };

struct ControlReply {
  std::uint64_t id = 0;
  ReplyKind kind = ReplyKind::ok;
  Value body;
};

// An error for users: one line that names the thing and the cause, and the remedy.
struct ControlError {
  ExitCode code = ExitCode::failed;
  std::string message;
  std::string remedy; // "": none

  Value value() const;
  static ControlError from(const Value& body);
};

// Answers contain whole tables and come from a daemon that the client trusts.
constexpr std::size_t max_reply = 64 * 1024 * 1024;

void encode_frame(const ControlRequest& request, Bytes& out);
void encode_frame(const ControlReply& reply, Bytes& out);
ControlRequest decode_request(Decoder& decoder, View payload);
ControlReply decode_reply(Decoder& decoder, View payload);

} // namespace p2pd::proto
