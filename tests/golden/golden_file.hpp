// Golden files: bytes as people can read and review them. Blanks and line ends are ignored, '#'
// begins a comment. P2PD_UPDATE_GOLDEN=1 in the environment writes them instead of comparing, for
// when the protocol is meant to change.
#pragma once

#include "proto/bytes.hpp"

#include <filesystem>

namespace p2pd::golden {

// A file of the folder that holds the golden files; GOLDEN_DIR is set by the build.
inline std::filesystem::path path_of(const std::string& name) {
  return std::filesystem::path(GOLDEN_DIR) / name;
}

bool updating();

// What the file holds. A missing or malformed one fails the running test.
proto::Bytes read(const std::string& name);

// Fails the running test unless the file holds `pieces` joined. Each piece stands on a line of its
// own, continued by indented ones.
void expect_file(const std::string& name, const std::string& comment,
                 const std::vector<proto::Bytes>& pieces);

// The same for plain text.
void expect_text(const std::string& name, const std::string& text);

// Fails the running test when `folder` holds other files than these.
void expect_no_others(const std::string& folder, const std::vector<std::string>& names);

} // namespace p2pd::golden
