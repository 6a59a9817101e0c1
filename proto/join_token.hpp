// The join token: everything that a machine needs to become a member of a network, in one line. A
// tracker's `p2pctl invite` prints it, a peer's `p2pctl join` takes it. See p2p-protocol(7).
//
//   "p2pd1-" and, as base32, | length, 2 | [tracker, secret, [address, ...]] | check, 4 |
//
// `length` is that of the MessagePack value behind it, so that a truncated token can be told from a
// damaged one; `check` is the beginning of a hash of everything before it. Whoever can read a token
// is a member: it is never logged or quoted in an error.
//
// Thread: any; values only. Errors: parsing throws Error with a message for users.
#pragma once

#include "proto/fields.hpp"
#include "proto/noise_keys.hpp"

namespace p2pd::proto {

struct JoinToken {
  PeerId tracker;
  noise::Psk secret;
  List<Address, 16> addresses; // of the tracker, the best first; at least one
};

std::string to_text(const JoinToken& token);

// White space anywhere in the text is ignored: e-mails break long lines.
JoinToken parse_join_token(std::string_view text);

} // namespace p2pd::proto
