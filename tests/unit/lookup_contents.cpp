#include "daemon/lookup/contents.hpp"

#include <gtest/gtest.h>

namespace p2pd::lookup {
namespace {

using proto::ContentId;

ContentId content(std::string digits) {
  digits.resize(64, '0');
  return *proto::content_id(digits);
}

proto::Publisher publisher(std::uint8_t id, const std::string& name) {
  proto::Publisher publisher{{}, name, "192.0.2." + std::to_string(id) + ":7440"};
  publisher.id.bytes.fill(id);
  return publisher;
}

CatalogEntry row(const std::string& digits, const std::string& name,
                 std::vector<proto::Publisher> publishers = {}) {
  CatalogEntry row;
  row.content = content(digits);
  row.name.bytes = name;
  row.size = 1000;
  row.chunk_size = proto::usual_chunk_size;
  row.publishers.assign(publishers.begin(), publishers.end());
  row.publishers_total = static_cast<std::uint32_t>(publishers.size());
  return row;
}

const ControlError nothing{proto::ExitCode::not_found, "nobody offers it", "look"};

Meaning meaning_of(const Contents& contents, std::string_view word,
                   const std::optional<PeerId>& known = std::nullopt) {
  return choose_content(contents, word, known, nothing);
}

// The content that is meant, in two digits, or what the failure says.
std::string chosen(const Contents& contents, std::string_view word,
                   const std::optional<PeerId>& known = std::nullopt) {
  const Meaning meaning = meaning_of(contents, word, known);
  if (meaning.entry) return to_text(meaning.entry->content).substr(0, 2);
  return meaning.failure.message + "; " + meaning.failure.remedy;
}

const proto::Publisher nas = publisher(1, "nas"), build = publisher(2, "build-07"),
                       third = publisher(3, "third");

TEST(SplitName, SplitsAtTheLastAt) {
  EXPECT_EQ(split_name("file@nas")->name, "file");
  EXPECT_EQ(split_name("file@nas")->peer, "nas");
  EXPECT_EQ(split_name("user@host.tar@nas")->name, "user@host.tar");
  EXPECT_EQ(split_name("user@host.tar@nas")->peer, "nas");
  EXPECT_EQ(split_name("f@192.0.2.1:7440")->peer, "192.0.2.1:7440");
  EXPECT_EQ(split_name("@@x")->name, "@");
  for (const char* word : {"", "@", "file", "file@", "@nas", "a@b@"})
    EXPECT_FALSE(split_name(word)) << word;
}

const std::string nobody_offers = "nobody offers it; look";
const std::string whole = to_text(content("dd"));

// Of every word of the catalog, the content that it means.
TEST(Word, MeansAContent) {
  const Contents contents{{row("aa", "film", {nas, build}), row("ab", "album"),
                           row("bb", "film@nas", {third}), row("bc", "song", {third}),
                           row("cc", "song", {nas}), row("cd", "song"), row("dd", "left"),
                           row("ee", whole, {build}), row("ff", "a", {nas}), row("a1", "used"),
                           row("a2", "used", {third})}};
  const std::string third_id = to_text(third.id);
  const std::vector<std::pair<std::string, std::string>> cases{
      // A whole id, whatever others call theirs.
      {whole, "dd"},
      {to_text(content("ee")), "ee"},
      // A name before NAME@PEER and before the beginning of an id.
      {"film", "aa"},
      {"film@nas", "bb"},
      {"a", "ff"},
      {"album", "ab"},
      {"used", "a2"}, // one that is claimed before one that is merely in use
      // NAME@PEER: a node name, an address, an id or its beginning.
      {"film@build-07", "aa"},
      {"song@third", "bc"},
      {"song@nas", "cc"},
      {"song@192.0.2.3:7440", "bc"},
      {"song@" + third_id, "bc"},
      {"song@" + third_id.substr(0, 10), "bc"},
      {"film@third", nobody_offers},
      {"song@build-07", nobody_offers},
      {"song@na", nobody_offers},
      {"song@nobody", nobody_offers},
      {"album@nas", nobody_offers}, // which nobody claims
      // The beginning of an id.
      {"aa", "aa"},
      {"b", "\"b\" is several contents: bb0000000000 (1000 bytes, from third), bc0000000000 (1000 "
            "bytes, from third); name one by its id"},
      {"", nobody_offers},
      {"fi", nobody_offers},
      {"AA", nobody_offers},
      {whole + "0", nobody_offers},
  };
  for (const auto& [word, meant] : cases) EXPECT_EQ(chosen(contents, word), meant) << word;
}

TEST(Word, MeansNothingWhereThereIsNothing) {
  for (const char* word : {"film", "film@nas", "aa", "", "@", "a@"})
    EXPECT_EQ(meaning_of({}, word).failure.code, proto::ExitCode::not_found) << word;
}

TEST(Word, LetsSeveralClaimOneContent) {
  EXPECT_EQ(chosen({{row("aa", "file", {nas, build})}}, "file"), "aa");
  EXPECT_EQ(chosen({{row("aa", "one", {nas}), row("aa", "two", {nas})}}, "aa"), "aa");
}

TEST(Word, NamesTheContentsBetweenWhichItCannotChoose) {
  auto many = row("bb", "ubuntu.iso", {build, third});
  many.size = 2000;
  many.publishers_total = 25;
  const Meaning meaning =
      meaning_of({{row("aa", "ubuntu.iso", {nas}), many, row("cc", "ubuntu.iso")}}, "ubuntu.iso");
  EXPECT_FALSE(meaning.entry);
  EXPECT_EQ(meaning.failure.code, proto::ExitCode::failed);
  EXPECT_EQ(meaning.failure.message,
            "\"ubuntu.iso\" is several contents: aa0000000000 (1000 bytes, from nas), "
            "bb0000000000 (2000 bytes, from build-07 and 24 more)");
  EXPECT_EQ(meaning.failure.remedy, "name one by its id or as ubuntu.iso@nas");
  EXPECT_EQ(chosen({{row("aa", "file"), row("bb", "file")}}, "file"),
            "\"file\" is several contents: aa0000000000 (1000 bytes, nobody claims it), "
            "bb0000000000 (1000 bytes, nobody claims it); name one by its id");
}

TEST(Word, LeavesASizeOpenOnWhichTheRowsDoNotAgree) {
  auto other = row("aa", "file");
  other.size = 2000;
  EXPECT_EQ(meaning_of({{row("aa", "file"), other}}, "file").entry->size, 0U);
}

// What this node has of its own and what it has fetched, without a tracker.
TEST(NameAtPeer, MeansWhatThePeerClaimsOrHasBroughtHere) {
  const Node own{nas.id, "nas", {"192.0.2.1:7440", "[::1]:7440"}}, source{build.id, "", {}};
  const CatalogEntry mine = row("aa", "film", {nas}), fetched = row("bb", "film");
  const Contents both{{mine, fetched}, {{mine, own}, {fetched, source}}};
  const std::string id = to_text(build.id);
  EXPECT_EQ(chosen(both, "film"), "aa");
  EXPECT_EQ(chosen(both, "film@nas"), "aa");
  EXPECT_EQ(chosen(both, "film@[::1]:7440"), "aa");
  EXPECT_EQ(chosen(both, "film@" + id.substr(0, 8)), "bb");
  EXPECT_EQ(chosen(both, "film@build-07", build.id), "bb");
  EXPECT_EQ(chosen(both, "film@build-07"), nobody_offers) << "which nobody is known by";
  EXPECT_EQ(chosen({{mine}, {{mine, own}}}, "film@build-07", build.id), nobody_offers)
      << "its own is not meant";
  // A claim of today before what an earlier one has brought.
  const Contents renewed{{fetched, row("cc", "film", {build})}, {{fetched, source}}};
  EXPECT_EQ(chosen(renewed, "film@" + id), "cc");
}

// Neither one that calls itself so, nor one whose id was made to begin so.
TEST(NameAtPeer, MeansTheOneThatIsKnownByTheName) {
  const auto impostor = publisher(9, "nas");
  const Contents contents{{row("aa", "file", {build, nas}), row("bb", "file", {impostor})}};
  EXPECT_TRUE(chosen(contents, "file@nas").starts_with("\"file@nas\" is several contents"));
  const Meaning meaning = meaning_of(contents, "file@nas", nas.id);
  ASSERT_TRUE(meaning.entry);
  EXPECT_EQ(meaning.entry->content, content("aa"));
  EXPECT_EQ(meaning.entry->publishers.front().id, nas.id) << "it stands first";
  EXPECT_EQ(meaning.called, nas.id);
  EXPECT_NE(meaning.warning.find(to_text(impostor.id)), std::string::npos) << meaning.warning;
  EXPECT_EQ(meaning_of({{row("aa", "file", {nas})}}, "file@nas", nas.id).warning, "");
  const auto not_here = meaning_of({{row("bb", "file", {impostor})}}, "file@nas", nas.id).failure;
  EXPECT_NE(not_here.message.find("calls itself so"), std::string::npos) << not_here.message;
  const std::string begins = to_text(third.id).substr(0, 3);
  const Contents made{{row("cc", "file", {third})}};
  EXPECT_EQ(chosen(made, "file@" + begins), "cc");
  EXPECT_EQ(chosen(made, "file@" + begins, nas.id), nobody_offers);
  EXPECT_FALSE(meaning_of(made, "file@" + begins).called) << "it was not meant by a name";
}

// A node name goes before the beginning of an id, here as everywhere.
TEST(NameAtPeer, MeansANodeNameBeforeTheBeginningOfAnId) {
  const std::string begins = to_text(third.id).substr(0, 3);
  const Contents contents{{row("aa", "file", {third}), row("bb", "file", {publisher(4, begins)})}};
  EXPECT_EQ(chosen(contents, "file@" + begins), "bb");
}

TEST(Merge, JoinsWhatSeveralTrackersKnow) {
  auto here = row("aa", "file", {nas, build}), there = row("aa", "file", {build, third});
  here.sources = 5;
  here.partial = 1;
  there.sources = 3;
  there.partial = 4;
  const auto merged = merge({here, row("bb", "file", {third}), there, row("aa", "alias", {nas})});
  ASSERT_EQ(merged.size(), 3U);
  EXPECT_EQ(merged[0].name.bytes, "alias"); // in the order of names
  EXPECT_EQ(merged[1].content, content("aa"));
  EXPECT_EQ(merged[1].sources, 5U);
  EXPECT_EQ(merged[1].partial, 4U);
  std::vector<std::string> names;
  for (const proto::Publisher& one : merged[1].publishers) names.push_back(one.name);
  EXPECT_EQ(names, (std::vector<std::string>{"nas", "build-07", "third"}));
  EXPECT_EQ(merged[1].publishers_total, 3U);
  EXPECT_EQ(merged[2].content, content("bb"));
  EXPECT_TRUE(merge({}).empty());
}

TEST(Merge, NamesNoMorePublishersThanARowHolds) {
  CatalogEntry one = row("aa", "file"), two = row("aa", "file");
  for (std::uint8_t i = 0; i < 20; ++i) {
    one.publishers.push_back(publisher(i, "x"));
    two.publishers.push_back(publisher(static_cast<std::uint8_t>(100 + i), "y"));
  }
  one.publishers_total = two.publishers_total = 30;
  const auto merged = merge({one, two});
  ASSERT_EQ(merged.size(), 1U);
  EXPECT_EQ(merged[0].publishers.size(), 20U);
  EXPECT_EQ(merged[0].publishers_total, 30U);
}

} // namespace
} // namespace p2pd::lookup
