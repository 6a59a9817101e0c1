// The join token: all that a machine needs to become a member of a network, on one line of text. A
// tracker's `p2pctl invite` prints it, a peer's `p2pctl join` takes it. See p2p-protocol(7).
//
//   "p2pd1-" and, as base32, | length, 2 | [tracker, secret, [address, ...]] | check, 4 |
//
// `length` counts the MessagePack value behind it, so that a token that is cut off is told from one
// that is damaged; `check` is the beginning of a hash over all before it. Whoever reads a token is
// a member: it is never logged, and no error quotes it.
//
// Thread: any; values only. Errors: parsing throws Error with a text for people.
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

// White space anywhere in the text is passed over: mails break long lines.
JoinToken parse_join_token(std::string_view text);

} // namespace p2pd::proto
