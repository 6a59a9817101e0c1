// Files that hold a key: the network secret, the node's identity. Whoever reads one of them is a
// member of the network, so one that others could have read or written is refused.
//
// Thread: any; blocking, so never on the loop while it serves. Errors: SecretError, one line that
// names the file, the cause and the remedy, and never what the file holds.
#pragma once

#include "proto/bytes.hpp"

#include <array>
#include <filesystem>
#include <stdexcept>

namespace p2pd::base {

using Secret = std::array<std::uint8_t, 32>; // the holder wipes it with sodium_memzero

class SecretError : public std::runtime_error {
 public:
  enum class Cause { missing, wrong };
  SecretError(Cause why, const std::string& message) : std::runtime_error(message), cause(why) {}
  const Cause cause; // a file that is not there is the normal state before a node has joined
};

// The file is one line of 64 hex digits and has no permission for group or others, unless it is a
// credential of systemd.
Secret read_secret(const std::filesystem::path& file);

// Replaces the file, or makes it, with mode 0600: whole or not at all, also when power fails.
void write_secret(const std::filesystem::path& file, const Secret& secret);
void write_private_file(const std::filesystem::path& file, proto::View contents);

} // namespace p2pd::base
