// Key files: the network secret and the node's identity. Whoever reads one can act as a member of
// the network, so a file that others could have read or written is refused.
//
// Thread: any; blocking, so not on the loop thread while it serves. Errors: SecretError, one line
// with the file, the cause and the remedy, and never the file's contents.
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
  const Cause cause; // a missing file is normal before a node has joined
};

// The file must be one line of 64 hex digits without permissions for group or others, unless it is
// a systemd credential.
Secret read_secret(const std::filesystem::path& file);

// Creates or replaces the file with mode 0600, atomically and durably.
void write_secret(const std::filesystem::path& file, const Secret& secret);
void write_private_file(const std::filesystem::path& file, proto::View contents);

} // namespace p2pd::base
