#include "state_fixture.hpp"

#include <algorithm>
#include <array>

namespace p2pd::state {

using namespace disk; // its fixture, and what a path and a fault are made of
namespace {

TEST_F(StateStoreTest, BeginsEmpty) {
  const State state = store_->load();
  EXPECT_TRUE(state.library.empty() && state.transfers.empty() && state.trackers.empty() &&
              state.peers.empty() && state.bans.empty() && state.values.empty());
  EXPECT_EQ(state.next_transfer, 1U);
}

TEST_F(StateStoreTest, TakesNoMoreThanHasItsManifestsInMemory) {
  std::deque<LibraryRecord> records;
  change([&] {
    for (unsigned number = 0; number < 5; ++number) {
      LibraryRecord record = shared(number, "/share/" + std::to_string(number), "name", false);
      record.tree = number != 0;
      store_->put_library(record, {disk::Identity()}, Bytes(9 << 20, 1));
      records.push_back(record);
    }
  });
  const auto first = store_->known_files(records);
  ASSERT_EQ(first.size(), 3u) << "that of a single file is not needed";
  EXPECT_FALSE(first[0].manifest);
  EXPECT_EQ(first[2].manifest->size(), std::size_t{9 << 20});
  EXPECT_EQ(first[2].record.path, "/share/2");
  EXPECT_EQ(first[2].identities.size(), 1u);
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records.front().path, "/share/3");
  EXPECT_EQ(store_->known_files(records).size(), 2u);
  EXPECT_TRUE(store_->known_files(records).empty());
}

TEST_F(StateStoreTest, GivesAManifestInParts) {
  Bytes manifest(3 << 20);
  for (std::size_t i = 0; i < manifest.size(); ++i)
    manifest[i] = static_cast<std::uint8_t>(i * i >> 8);
  change([&] {
    store_->put_manifest(content(1), manifest);
    EXPECT_EQ(store_->manifest_size(content(1)), manifest.size());
    EXPECT_EQ(store_->manifest_size(content(2)), std::nullopt);
    Bytes part(1000);
    const std::array<proto::MutableView, 2> into{proto::MutableView(part).first(400),
                                                 proto::MutableView(part).subspan(400)};
    for (const std::size_t offset :
         {std::size_t{0}, std::size_t{1 << 20}, manifest.size() - 1000}) {
      EXPECT_TRUE(store_->read_manifest(content(1), offset, into));
      EXPECT_TRUE(std::ranges::equal(part, proto::View(manifest).subspan(offset, 1000)));
    }
    EXPECT_FALSE(store_->read_manifest(content(1), manifest.size() - 999, into));
    EXPECT_FALSE(store_->read_manifest(content(2), 0, into));
    EXPECT_EQ(*store_->manifest(content(1)), manifest);
    store_->put_library(shared(1, "/share/file", "file", true), {}, manifest);
  });
}

TEST_F(StateStoreTest, KeepsTheLibrary) {
  struct stat status;
  ASSERT_EQ(::stat("/", &status), 0);
  const std::vector<disk::Identity> identities{disk::Identity(status), disk::Identity()};
  auto record = shared(1, "/share/\xff", "name\n", true);
  record.verified = 1'700'000'000;
  record.tree = true;
  record.only = {"*.txt", "\xff/**", "a\nb", "a\\nb\\", ""};
  change([&] { store_->put_library(record, identities, view("manifest")); });
  EXPECT_EQ(reopened().library, std::vector{record});
  EXPECT_EQ(store_->identities(content(1), "/share/\xff"), identities);
  EXPECT_TRUE(store_->identities(content(1), "/other").empty());
  EXPECT_EQ(*store_->manifest(content(1)), Bytes(view("manifest").begin(), view("manifest").end()));
  EXPECT_EQ(store_->manifest(content(2)), nullptr);
}

TEST_F(StateStoreTest, KnowsWhenAContentWasVerified) {
  change([&] {
    store_->put_library(shared(1, "/a", "one", true), {}, view("m"));
    store_->put_library(shared(1, "/b", "one", false), {}, view("m"));
    store_->put_library(shared(2, "/c", "two", true), {}, view("m"));
  });
  change([&] { store_->set_verified(content(1), 1'700'000'000); });
  std::vector<std::int64_t> verified;
  for (const LibraryRecord& record : reopened().library) verified.push_back(record.verified);
  EXPECT_EQ(verified, (std::vector<std::int64_t>{1'700'000'000, 1'700'000'000, 0}));
}

TEST_F(StateStoreTest, StoresAManifestAsLongAsSomethingNamesIt) {
  change([&] {
    store_->put_library(shared(1, "/a", "one", true), {}, view("manifest"));
    store_->put_library(shared(1, "/a", "two", true), {}, view("manifest"));
    store_->put_transfer(transfer(7));
    store_->put_manifest(content(7), view("to be fetched"));
  });
  change([&] { store_->remove_library(content(1), "/elsewhere"); });
  EXPECT_TRUE(store_->manifest(content(1)));
  change([&] { store_->remove_library(content(1)); });
  EXPECT_FALSE(store_->manifest(content(1)));
  EXPECT_TRUE(store_->manifest(content(7)));
  change([&] { // as a fetch ends
    store_->put_transfer(transfer(7, true));
    store_->put_library(shared(7, "/b", "seven", false), {}, view("fetched"));
  });
  EXPECT_TRUE(store_->manifest(content(7)));
  change([&] { store_->put_library(shared(8, "/b", "seven", false), {}, view("another")); });
  EXPECT_FALSE(store_->manifest(content(7))) << "its path was taken by another content";
  EXPECT_EQ(reopened().library.size(), 1U);
}

TEST_F(StateStoreTest, ForgetsWhatElseLayAtAPath) {
  change([&] {
    store_->put_library(shared(1, "/a", "one", true), {}, view("first"));
    store_->put_library(shared(1, "/b", "one", true), {}, view("first"));
    store_->put_library(shared(2, "/a", "two", false), {}, view("second"));
    store_->put_library(shared(3, "/a", "three", false), {}, view("third"));
  });
  change([&] { store_->remove_others("/a", content(3)); });
  EXPECT_EQ(store_->library(content(1)), std::vector<LibraryRecord>{shared(1, "/b", "one", true)});
  EXPECT_EQ(store_->library().size(), 2U);
  EXPECT_TRUE(store_->manifest(content(1)));
  EXPECT_FALSE(store_->manifest(content(2)));
}

TEST_F(StateStoreTest, KnowsWhatIsToBeRemovedUntilItIs) {
  LibraryRecord fetched = shared(1, "/d/name", "name", false);
  fetched.written = true;
  const std::vector<disk::Identity> identities(2);
  change([&] {
    store_->put_library(fetched, identities, view("manifest"));
    store_->put_library(shared(2, "/d/mine", "mine", false), {}, view("mine"));
  });
  EXPECT_EQ(store_->wrote("/d/name"), content(1));
  EXPECT_FALSE(store_->wrote("/d/mine"));
  change([&] {
    store_->put_transfer(transfer(7));
    store_->begin_finish(7, "/d/name");
    store_->begin_finish(8, "/d/mine");
  });
  EXPECT_TRUE(store_->is_finishing(7));
  EXPECT_TRUE(reopened().removals.empty()) << "the transfers are not done";
  change([&] {
    store_->remove_replaced(7);
    store_->remove_replaced(8);
    store_->drop_finish(7);
    store_->remove_library(content(1));
  });
  const std::vector<RemovalRecord> due = reopened().removals;
  ASSERT_EQ(due.size(), 2U);
  EXPECT_EQ(due[0].place, "/d/name");
  EXPECT_EQ(due[0].content, content(1));
  EXPECT_EQ(store_->removal_identities(due[0].tag), identities);
  EXPECT_TRUE(store_->manifest(content(1))) << "it tells what is to be removed";
  EXPECT_EQ(due[1].content, proto::ContentId()) << "nothing of that was p2pd's";
  change([&] { store_->set_aside(due[0].tag); });
  EXPECT_TRUE(reopened().removals[0].aside);
  change([&] { store_->remove_removal(due[0].tag); });
  EXPECT_FALSE(store_->manifest(content(1)));
  EXPECT_EQ(reopened().removals.size(), 1U);
}

TEST_F(StateStoreTest, DropsWhatATransferWasToReplaceWithIt) {
  change([&] {
    store_->put_transfer(transfer(7));
    store_->begin_finish(7, "/d/name");
  });
  change([&] {
    store_->remove_transfer(7);
    store_->remove_part(7, "/d/name", content(7), {"*.jpg", "a\nb"});
  });
  EXPECT_FALSE(store_->is_finishing(7));
  const std::vector<RemovalRecord> due = reopened().removals;
  ASSERT_EQ(due.size(), 1U);
  EXPECT_TRUE(due[0].part);
  EXPECT_EQ(due[0].only, (std::vector<std::string>{"*.jpg", "a\nb"}));
}

TEST_F(StateStoreTest, RemembersWhatItWroteWhereThatWasChanged) {
  LibraryRecord fetched = shared(1, "/d/name", "name", false);
  fetched.written = true;
  change([&] {
    store_->put_library(fetched, {}, view("m"));
    store_->put_library(shared(2, "/share/own", "own", true), {}, view("m"));
  });
  change([&] {
    store_->withhold(content(1), "/d/name");
    store_->withhold(content(2));
  });
  EXPECT_TRUE(reopened().library.empty());
  EXPECT_TRUE(store_->wrote("/d/name"));
  EXPECT_TRUE(store_->manifest(content(1)));
  EXPECT_FALSE(store_->manifest(content(2)));
  change([&] { store_->put_library(fetched, {}, view("m")); });
  EXPECT_EQ(reopened().library.size(), 1U);
}

TEST_F(StateStoreTest, AClaimTakesTheNameFromOtherContents) {
  change([&] {
    store_->put_library(shared(1, "/old", "name", true), {}, view("m"));
    store_->put_library(shared(2, "/fetched", "name", false), {}, view("m"));
    store_->put_library(shared(3, "/new", "name", true), {}, view("m"));
  });
  std::vector<bool> claims;
  for (const LibraryRecord& record : reopened().library) claims.push_back(record.claim);
  EXPECT_EQ(claims, (std::vector{false, false, true}));
}

TEST_F(StateStoreTest, KeepsTransfersAndTheirChunks) {
  const Bytes chunks{0xff, 0x01};
  change([&] {
    store_->put_transfer(transfer(1));
    store_->put_transfer(transfer(2));
    store_->set_chunks(2, chunks);
    TransferRecord paused = transfer(2);
    paused.state = 2;
    store_->put_transfer(paused); // does not touch them
    store_->put_transfer(transfer(3, true));
    store_->set_chunks(99, chunks); // of none
  });
  const State state = reopened();
  ASSERT_EQ(state.transfers.size(), 3U);
  EXPECT_EQ(state.transfers[0], transfer(1));
  EXPECT_EQ(state.transfers[1].state, 2);
  EXPECT_EQ(state.transfers[2], transfer(3, true));
  EXPECT_EQ(store_->chunks(2), chunks);
  EXPECT_TRUE(store_->chunks(1).empty());
  EXPECT_TRUE(store_->chunks(99).empty());
}

TEST_F(StateStoreTest, ClaimsNothingOfATransferThatIsOver) {
  change([&] {
    store_->put_transfer(transfer(1));
    store_->set_chunks(1, Bytes{0xff});
  });
  change([&] { store_->put_transfer(transfer(1, true)); });
  EXPECT_TRUE(store_->chunks(1).empty());
}

TEST_F(StateStoreTest, NeverGivesATransfersIdAgain) {
  change([&] { store_->put_transfer(transfer(41)); });
  change([&] { store_->remove_transfer(41); });
  EXPECT_EQ(reopened().next_transfer, 42U);
}

TEST_F(StateStoreTest, KeepsTheLastThousandThatAreOver) {
  change([&] {
    store_->put_transfer(transfer(1)); // runs on
    for (std::uint64_t id = 2; id < 1100; ++id) store_->put_transfer(transfer(id, true));
  });
  const State state = reopened();
  ASSERT_EQ(state.transfers.size(), 1001U);
  EXPECT_EQ(state.transfers[0].id, 1U);
  EXPECT_EQ(state.transfers[1].id, 100U);
}

TEST_F(StateStoreTest, KeepsTheRest) {
  change([&] {
    store_->put_tracker({"one:7440", std::nullopt});
    store_->put_tracker({"two:7440", peer(2)});
    store_->put_tracker({"one:7440", peer(1)});
    store_->put_ban({peer(3), peer(1), "nas", 12});
    store_->put_ban({peer(3), peer(2), "", 13});
    store_->set_value("key", view("value"));
    store_->set_value("key", view("another"));
    store_->set_value("gone", {});
    for (unsigned i = 0; i < 1050; ++i) store_->put_peer({peer(i), "name", {"a:1", "b:2"}, i});
  });
  State state = reopened();
  EXPECT_EQ(state.trackers,
            (std::vector<TrackerRecord>{{"one:7440", peer(1)}, {"two:7440", peer(2)}}));
  EXPECT_EQ(state.bans,
            (std::vector<BanRecord>{{peer(3), peer(1), "nas", 12}, {peer(3), peer(2), "", 13}}));
  EXPECT_EQ(proto::text(state.values.at("key")), "another");
  EXPECT_TRUE(state.values.contains("gone"));
  ASSERT_EQ(state.peers.size(), 1000U);
  EXPECT_EQ(state.peers.front(), (PeerRecord{peer(1049), "name", {"a:1", "b:2"}, 1049}));
  change([&] {
    store_->remove_tracker("one:7440");
    store_->remove_ban(peer(3), peer(1));
    store_->remove_value("gone");
  });
  state = reopened();
  EXPECT_EQ(state.trackers.size(), 1U);
  EXPECT_EQ(state.bans, (std::vector<BanRecord>{{peer(3), peer(2), "", 13}}));
  EXPECT_FALSE(state.values.contains("gone"));
  change([&] { store_->remove_bans(peer(3)); });
  EXPECT_TRUE(reopened().bans.empty());
}

TEST_F(StateStoreTest, ATrackerTakesThePlaceOfWhatWasKnownOfItAndAtItsAddresses) {
  change([&] {
    store_->put_tracker({"by-hand:7440", std::nullopt});
    store_->replace_tracker(peer(1), {"one:7440", "uno:7440"});
    store_->replace_tracker(peer(2), {"two:7440"});
    store_->replace_tracker(peer(1), {"eins:7440", "by-hand:7440"});
  });
  EXPECT_EQ(reopened().trackers,
            (std::vector<TrackerRecord>{
                {"by-hand:7440", peer(1)}, {"two:7440", peer(2)}, {"eins:7440", peer(1)}}));
  change([&] { store_->replace_tracker(peer(3), {"eins:7440"}); }); // it was made anew
  EXPECT_EQ(reopened().trackers,
            (std::vector<TrackerRecord>{{"two:7440", peer(2)}, {"eins:7440", peer(3)}}));
  change([&] { store_->remove_tracker(peer(2)); });
  EXPECT_EQ(reopened().trackers, (std::vector<TrackerRecord>{{"eins:7440", peer(3)}}));
}

TEST_F(StateStoreTest, KeepsWhoWasFirst) {
  proto::PeerId ours, other;
  ours.bytes.fill(1);
  other.bytes.fill(2);
  {
    StateStore store(at("state.db"));
    EXPECT_FALSE(store.origin("/srv/x"));
    store.set_origin("/srv/x", other);
    store.set_origin("/srv/x", ours);
    store.set_origin("/srv/y", other);
    store.set_origin("/srv/y", std::nullopt);
    store.put_name({"nas", ours});
  }
  StateStore store(at("state.db"));
  EXPECT_EQ(store.origin("/srv/x"), ours);
  EXPECT_FALSE(store.origin("/srv/y"));
  EXPECT_EQ(store.load().names, (std::vector<NameRecord>{{"nas", ours}}));
}

} // namespace
} // namespace p2pd::state
