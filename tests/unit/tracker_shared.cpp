// What one peer shares: as the catalog knows it, and as the peer itself tells the tracker.

#include "tests/unit/tracker_catalog.hpp"
#include "tests/unit/tracker_wire.hpp"

namespace p2pd::tracker {
namespace {

TEST_F(CatalogTest, TellsWhatAPeerSharesPageByPage) {
  for (int i = 0; i < 30; ++i)
    catalog.publish(p1, publication(content(std::to_string(10 + i)), "n" + std::to_string(i % 7)));
  catalog.publish(p2, publication(aa, "other"));
  std::vector<ContentId> read;
  std::string cursor;
  do {
    const proto::Shared page = catalog.shared_by(p1, cursor, 7);
    EXPECT_LE(page.files.size(), 7U);
    for (const proto::SharedFile& file : page.files) {
      EXPECT_EQ(file.path, "");
      EXPECT_EQ(file.size, 10U * chunk_size);
      read.push_back(file.content);
    }
    cursor = page.next;
  } while (!cursor.empty());
  EXPECT_EQ(read.size(), 30U);
  EXPECT_TRUE(std::ranges::is_sorted(read));
  EXPECT_TRUE(catalog.shared_by(p3, "", 7).files.empty());
  EXPECT_EQ(refusal([&] { catalog.shared_by(p1, "x", 7); }), "a malformed cursor");
}

TEST_F(TrackerTest, TellsWhatAPeerShares) {
  Node a(loop, 1), b(loop, 2);
  enter(a);
  enter(b);
  publish(a, publication(aa, "file"));
  const auto shared = ask<proto::Shared>(b, proto::Discover{{}, a.id(), {}});
  ASSERT_TRUE(shared);
  EXPECT_EQ(shared->peer.name, "node-1");
  EXPECT_EQ(shared->peer.addresses.at(0), a.at().text());
  ASSERT_EQ(shared->files.size(), 1U);
  EXPECT_EQ(shared->files[0].name.bytes, "file");
  EXPECT_TRUE(ask<proto::Failed>(b, proto::Discover{{}, peer(9), {}}));
}

TEST_F(TrackerTest, AsksAPeerWhatItShares) {
  Node a(loop, 1), b(loop, 2);
  enter(a);
  enter(b);
  std::vector<std::string> heard;
  const auto hear = [&](const proto::Message* answer) {
    const auto* shared = answer == nullptr ? nullptr : std::get_if<proto::Shared>(answer);
    heard.push_back(answer == nullptr   ? "nothing"
                    : shared == nullptr ? "no"
                                        : shared->files.at(0).path);
  };
  const auto asked = [&] { return std::get<proto::Discover>(a.ear.messages.back()).request; };
  tracker.ask(a.id(), {{}, a.id(), {}}, hear);
  ASSERT_TRUE(io::run_until(
      loop, [&] { return std::holds_alternative<proto::Discover>(a.ear.messages.back()); }));
  proto::Shared shared{asked(), {}, {}, {}};
  shared.files.push_back({aa, {"file"}, "folder/file", 10 * chunk_size, chunk_size});
  b.linked(node)->send(shared); // from one who was not asked
  a.linked(node)->send(shared);
  ASSERT_TRUE(io::run_until(loop, [&] { return !heard.empty(); }));
  a.linked(node)->send(shared); // and nobody waits for it any more
  io::settle(loop);
  EXPECT_EQ(heard, Names{"folder/file"});

  tracker.ask(a.id(), {{}, a.id(), {}}, hear);
  vanish(a);
  EXPECT_EQ(heard, (Names{"folder/file", "nothing"}));
  tracker.ask(a.id(), {{}, a.id(), {}}, hear);
  EXPECT_EQ(heard.size(), 3U);
}

} // namespace
} // namespace p2pd::tracker
