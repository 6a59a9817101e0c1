// What of a folder is published, and what becomes of what a content cannot hold. Decisions alone.
// Thread: any; values and pure functions.
#pragma once

#include "proto/manifest.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace p2pd::store {

enum class SymlinkRule : std::uint8_t {
  keep,   // published as a symlink; one that leads out of the folder is an offence
  follow, // what it leads to is published in its place, if that may be
  refuse  // each is an offence
};
std::optional<SymlinkRule> symlink_rule(std::string_view word); // "keep", "follow", "refuse"

struct ScanRules {
  std::vector<std::string> exclude; // globs of what is left out, see excludes()
  bool skip_special = false;        // leave out what a content cannot hold
  SymlinkRule links = SymlinkRule::keep;
};

// Whether one of the globs matches the path below the folder or, if it has no "/", the last step of
// that. "*" matches "/" too. What lies in an excluded folder is excluded with it.
bool excludes(const std::vector<std::string>& globs, const std::string& path);

// The target of the symlink at `path` without steps down that are taken back, so that "a/../f"
// becomes "f": a ".." takes back the step before it where that is a folder and no symlink, which
// `is_folder` says of a path below the tree. Nothing where it leads out of the tree all the same.
std::optional<std::string> inner_target(std::string_view path, std::string_view target,
                                        const std::function<bool(const std::string&)>& is_folder);

// How much a folder is for one content.
struct TreeSize {
  std::size_t entries = 0;
  std::size_t encoded = 0; // bytes of all entries in a manifest
  std::uint64_t bytes = 0;

  void add(const proto::Entry& entry);
  std::string excess() const; // which limit it exceeds, with the figures; "" where none
};

// What is wrong with a folder, entry by entry; so many are named, and all are counted.
class Offences {
 public:
  void add(const std::string& path, std::string_view what); // path below the folder
  bool any() const { return count_ > 0; }
  // One line: what is wrong with how many, and what to do.
  std::string message(const std::string& top) const;

 private:
  std::size_t count_ = 0;
  std::string named_;
};

} // namespace p2pd::store
