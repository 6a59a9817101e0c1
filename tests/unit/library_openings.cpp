#include "daemon/library/openings.hpp"

#include "daemon/disk/manifest_memory.hpp"
#include "tests/unit/disk_fixture.hpp"
#include "tests/unit/io_fixture.hpp"
#include "tests/unit/proto_tree.hpp"

namespace p2pd::library {
namespace {

constexpr std::size_t megabyte = 1 << 20;

class OpeningsTest : public disk::DiskTest {
 protected:
  OpeningsTest() {
    EXPECT_TRUE(state_.open().ok());
    const auto folders = std::make_shared<const disk::Folders>(
        disk::Folders::Purpose::publish, std::vector<disk::Root>{{.path = at("")}},
        std::vector<std::string>());
    folders_ = {folders, folders};
  }

  void TearDown() override {
    if (openings_) openings_->stop();
    bool closed = false;
    state_.close([&] { closed = true; });
    EXPECT_TRUE(io::run_until(loop_, [&] { return closed; }));
  }

  Openings& openings(std::size_t most_bytes) {
    return openings_.emplace(loop_, state_, library_, folders_, most_bytes);
  }

  // Published, and known to the database alone: a folder of links to targets of a kilobyte.
  Item& add(std::size_t links) {
    const std::string name = "tree-" + std::to_string(library_.size());
    std::vector<proto::Entry> entries;
    for (std::size_t i = 0; i < links; ++i)
      entries.push_back(
          proto::symlink(name + std::to_string(1'000'000 + i), std::string(1000, 't')));
    const proto::Bytes manifest = encode(proto::tree(std::move(entries)));
    Item item;
    item.id = proto::content_id_of(manifest);
    item.tree = true;
    item.path = make_folder(name);
    item.names.emplace(name, true);
    Item& added = library_.add(std::move(item));
    state_.change(state::StateDb::Durable::no,
                  [record = records_of(added).front(), manifest](state::StateStore& store) {
                    store.put_library(record, {}, manifest);
                  });
    return added;
  }

  // All at once.
  void open(std::initializer_list<Item*> items) {
    std::size_t opened = 0;
    for (Item* const item : items)
      openings_->open(*item, [&](const Openings::Opened& content) {
        EXPECT_TRUE(content) << content.fault().message;
        most_ = std::max(most_, disk::manifest_memory().bytes());
        ++opened;
      });
    EXPECT_TRUE(io::run_until(loop_, [&] { return opened == items.size(); }));
  }

  io::Loop loop_;
  state::StateDb state_{loop_, at("state.db")};
  Library library_;
  PeerFolders folders_;
  std::optional<Openings> openings_;
  std::size_t most_ = 0; // bytes of manifests, when one was opened
};

TEST_F(OpeningsTest, KeepsSoManyBytes) {
  openings(megabyte);
  Item &first = add(200), &second = add(200), &third = add(200); // 0.4 MiB each, both forms
  open({&first});
  open({&second});
  EXPECT_TRUE(first.content && second.content);
  open({&first});
  open({&third});
  EXPECT_TRUE(first.content && third.content);
  EXPECT_EQ(second.content, nullptr) << "it was used longest ago";
  open({&second});
  EXPECT_EQ(first.content, nullptr);
}

TEST_F(OpeningsTest, KeepsTheLastOneHoweverLarge) {
  openings(megabyte);
  Item &small = add(1), &large = add(2000);
  open({&small});
  open({&large});
  EXPECT_TRUE(large.content);
  EXPECT_EQ(small.content, nullptr);
  open({&small});
  EXPECT_EQ(large.content, nullptr);
}

TEST_F(OpeningsTest, ReadsLargeOnesOneAfterTheOther) {
  openings(megabyte);
  Item &first = add(2000), &second = add(2000), &third = add(2000); // over 4 MiB each
  open({&first, &second, &third, &second});
  EXPECT_LT(most_, 7 * megabyte);
}

TEST_F(OpeningsTest, LeavesOpenWhatATransferWrites) {
  openings(megabyte);
  Item &written = add(1500), &other = add(1500);
  open({&written});
  written.fetching = true;
  openings_->used(written);
  open({&other});
  EXPECT_TRUE(written.content && other.content);
}

TEST_F(OpeningsTest, GivesAManifestWithoutOpeningIt) {
  openings(megabyte);
  const Item& item = add(2000);
  std::size_t size = 0;
  openings_->manifest_size(item.id, [&](const auto& told) { size = (*told).value(); });
  EXPECT_TRUE(io::run_until(loop_, [&] { return size > 0; }));
  const auto bytes = std::make_shared<proto::Bytes>(size);
  bool read = false;
  const proto::MutableView all(*bytes);
  openings_->read_manifest(item.id, 0, {all.first(5000), all.subspan(5000)}, bytes,
                           [&](const disk::Outcome& outcome) { read = outcome.ok(); });
  EXPECT_TRUE(io::run_until(loop_, [&] { return read; }));
  EXPECT_EQ(proto::content_id_of(*bytes), item.id);
  EXPECT_EQ(item.content, nullptr);
  EXPECT_EQ(disk::manifest_memory().bytes(), 0u);
}

} // namespace
} // namespace p2pd::library
