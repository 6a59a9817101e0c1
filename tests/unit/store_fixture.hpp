// A content, and what a fetch of it needs, without a network.
#pragma once

#include "daemon/disk/digest.hpp"
#include "daemon/store/write_store.hpp"
#include "disk_fixture.hpp"

#include <sys/stat.h>

namespace p2pd::store {

using namespace disk; // its fixture, and what a path and a fault are made of

class WriteTest : public DiskTest {
 protected:
  using Kind = proto::Entry::Kind;
  using Shared = std::shared_ptr<store::WriteStore>;
  static constexpr std::uint32_t chunk_size = 16384;
  static constexpr std::int64_t some_time = 1'500'000'000'123'456'789;

  static proto::Entry entry(Kind kind, std::string path, std::uint64_t size = 0,
                            std::string target = "") {
    return {kind, std::move(path), size, kind == Kind::symlink ? 0 : some_time, std::move(target)};
  }

  // The content's own bytes are `text_`; a single file when there are no entries.
  void content(std::string text, std::vector<proto::Entry> entries = {}) {
    text_ = std::move(text);
    auto manifest = std::make_shared<proto::Manifest>();
    manifest->size = text_.size();
    manifest->chunk_size = chunk_size;
    manifest->entries = std::move(entries);
    for (std::size_t at = 0; at < text_.size(); at += chunk_size)
      manifest->hashes.push_back(chunk_hash(piece(at, chunk_size)));
    manifest_ = std::move(manifest);
  }

  // Folders, empty ones too, files of all kinds and sizes, symlinks.
  void tree() {
    const std::size_t sizes[] = {0, 1, 3000, 16384, 50'000, 7, 0};
    std::vector<proto::Entry> entries{entry(Kind::folder, "d"), entry(Kind::folder, "d/deep"),
                                      entry(Kind::folder, "d/deep/empty")};
    std::size_t total = 0;
    for (const std::size_t size : sizes) {
      const Kind kind = size == 3000 ? Kind::executable : Kind::file;
      entries.push_back(entry(kind, "d/deep/f" + std::to_string(entries.size()), size));
      total += size;
    }
    entries.push_back(entry(Kind::symlink, "d/link", 0, "deep/f5"));
    entries.push_back(entry(Kind::file, "last", 40'000));
    entries.push_back(entry(Kind::symlink, "to-folder", 0, "d"));
    content(random_text(total + 40'000, 3), std::move(entries));
  }

  proto::View piece(std::size_t from, std::size_t length) const {
    return proto::view(std::string_view(text_).substr(from, length));
  }

  Folders::Parent parent(std::string_view name) const {
    const Folders folders(Folders::Purpose::fetch, {{top_.string()}}, {});
    auto found = folders.open_parent(at(name), Folders::Missing::create);
    EXPECT_TRUE(found.ok()) << found.fault().message;
    return std::move(*found);
  }
  disk::Result<Shared> create(std::string_view name = "got") const {
    return store::WriteStore::create(parent(name), manifest_);
  }
  disk::Result<store::WriteStore::Resumed> resume(std::string_view name = "got") const {
    return store::WriteStore::resume(parent(name), manifest_);
  }
  disk::Result<Shared> repair(std::string_view name = "got") const {
    return store::WriteStore::repair(parent(name), manifest_);
  }

  // Every chunk, in an order of its own.
  void write_all(const store::WriteStore& store) const {
    std::vector<std::uint32_t> order(manifest_->chunks());
    for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::shuffle(order.begin(), order.end(), std::mt19937(1));
    for (const std::uint32_t i : order) {
      const disk::Outcome written = write(store, i);
      EXPECT_TRUE(written.ok()) << written.fault().message;
    }
  }
  disk::Outcome write(const store::WriteStore& store, std::uint32_t chunk) const {
    const std::size_t from = std::size_t{chunk} * chunk_size;
    return store.write(proto::ByteOffset{from}, piece(from, chunk_size));
  }
  std::uint32_t last_chunk() const { return manifest_->chunks() - 1; }
  static std::string read(const store::Store& store, std::size_t from, std::size_t length) {
    std::string text(length, '?');
    const iovec whole{text.data(), length};
    const disk::Outcome done = store.read(proto::ByteOffset{from}, {&whole, 1});
    return done ? text : done.fault().message;
  }

  // What is written until it is whole, or something in it.
  static std::string part(std::string_view below = "", std::string_view name = "got") {
    return store::part_name(name) + std::string(below);
  }

  // What lies at `name` is the content, and there is no part any more.
  void expect_content(std::string_view name = "got") const {
    EXPECT_FALSE(fs::exists(at(part("", name))));
    if (manifest_->single_file()) {
      EXPECT_EQ(contents(at(name)), text_);
      return;
    }
    std::size_t from = 0;
    for (const proto::Entry& entry : manifest_->entries) {
      const std::string path = at(name) + '/' + entry.path;
      struct stat status;
      ASSERT_EQ(::lstat(path.c_str(), &status), 0) << path;
      if (entry.kind == Kind::symlink) {
        EXPECT_EQ(fs::read_symlink(path), entry.target);
        continue;
      }
      EXPECT_EQ(nanoseconds(status.st_mtim), entry.mtime_ns) << path;
      EXPECT_EQ(S_ISDIR(status.st_mode), entry.kind == Kind::folder);
      if (entry.kind == Kind::folder) continue;
      EXPECT_EQ((status.st_mode & S_IXUSR) != 0, entry.kind == Kind::executable) << path;
      EXPECT_EQ(contents(path), text_.substr(from, entry.size)) << path;
      from += entry.size;
    }
  }

  std::string text_;
  std::shared_ptr<const proto::Manifest> manifest_;
};

} // namespace p2pd::store
