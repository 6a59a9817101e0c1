// What this node has: contents that it published, fetched or is fetching, each with the chunks that
// are verified and on disk. Loop thread only; items live until they are removed.
#pragma once

#include "daemon/disk/attributes.hpp"
#include "daemon/io/bound.hpp"
#include "daemon/state/state.hpp"
#include "daemon/store/store.hpp"
#include "proto/chunk_set.hpp"
#include "proto/control/control_messages.hpp"
#include "proto/manifest.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>

namespace p2pd::library {

using proto::ChunkIndex;
using proto::ContentId;
using Failure = proto::ControlError; // what went wrong, as people will read it

// A content that is in use: what it takes to read its chunks.
struct OpenContent {
  std::shared_ptr<const proto::Manifest> manifest;
  std::shared_ptr<const proto::Bytes> manifest_bytes;
  std::shared_ptr<const store::Store> store; // null: only the manifest is known
};

struct Item {
  ContentId id;
  std::uint64_t size = 0;
  std::uint32_t chunk_size = 0;
  std::map<std::string, bool, std::less<>> names; // and whether this node claims it
  std::filesystem::path path;                     // where it is, or will be
  bool tree = false;                              // not a single file
  std::optional<disk::Attributes> attributes{};   // of a single file, if known
  std::vector<std::string> only; // of a tree: globs of the files that are here; none: all
  std::uint64_t system = 0;      // the file system that it is on; 0: not known
  bool written = false;          // by p2pd, that is fetched
  std::int64_t added = 0;        // seconds since the epoch, like the next
  std::int64_t verified = 0;     // when its bytes were last hashed
  proto::ChunkSet have;
  std::shared_ptr<const OpenContent> content{}; // null until a chunk is requested (openings.hpp)
  bool fetching = false;                        // a transfer writes it and keeps it open
};

std::vector<state::LibraryRecord> records_of(const Item& item); // one for each name
Item item_of(const ContentId& id, std::shared_ptr<const OpenContent> content, proto::ChunkSet have);

// Content `by` has replaced whatever else was at the path, and the state database knows.
using Displaced = io::Bound<void(const std::filesystem::path& path, const ContentId& by)>;

class LibraryListener {
 public:
  virtual void on_gained(const Item& item, ChunkIndex chunk) = 0;
  virtual void on_lost(const Item& item) = 0; // some of its chunks
  virtual void on_removed(const ContentId& content) = 0;

 protected:
  ~LibraryListener() = default;
};

class Library final {
 public:
  void listen(LibraryListener& listener) { listeners_.push_back(&listener); }

  Item* find(const ContentId& content);
  // What the word may mean: a whole id, a name or, if it is neither, the prefix of an id.
  std::vector<const Item*> find(std::string_view word) const;
  Item* at(const std::filesystem::path& path); // the latest one there
  // All others that are recorded there.
  std::vector<ContentId> others_at(const std::filesystem::path& path, const ContentId& id) const;

  Item& add(Item item);                                      // must not be here yet
  void place(Item& item, const std::filesystem::path& path); // it is there now
  // Another name for an item.
  void name(Item& item, const std::string& name, bool claim);
  void gained(Item& item, ChunkIndex chunk);
  void lost(Item& item, proto::ChunkSet have); // `have`: what remains
  void remove(ContentId content);              // by value, as it may be the item's own

  template <class Use>
  void each(Use&& use) const {
    for (const auto& [id, item] : items_) use(item);
  }
  std::size_t size() const { return items_.size(); }

 private:
  void index(const Item& item);
  void leave_path(const Item& item);

  std::unordered_map<ContentId, Item> items_;
  std::unordered_map<std::string, std::vector<ContentId>> by_path_; // the latest is the last
  std::map<std::string, std::set<ContentId>, std::less<>> by_name_;
  std::vector<LibraryListener*> listeners_;
};

} // namespace p2pd::library
