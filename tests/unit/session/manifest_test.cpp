// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session/manifest.h"

#include <gtest/gtest.h>

namespace kvsarchive::session {
namespace {

using kvs::SessionProtocol;

TEST(Manifest, IsToldFromWhatIsNone) {
  EXPECT_TRUE(isManifest("#EXTM3U\n#EXT-X-STREAM-INF:A=1\na.m3u8", SessionProtocol::kHls));
  EXPECT_TRUE(isManifest("<?xml?>\n<MPD a=\"b\"></MPD>", SessionProtocol::kDash));
  for (const char* text : {"", "#EXT", "#EXTM3U\n", "#EXTM3U\n#EXT-X-STREAM-INF:A=1\n",
                           "<html></html>", "{\"message\":\"#EXTM3U\"}"}) {
    EXPECT_FALSE(isManifest(text, SessionProtocol::kHls)) << text;
  }
  for (const char* text : {"", "#EXTM3U", "<MPD>", "</MPD><MPD>", "<html></html>"}) {
    EXPECT_FALSE(isManifest(text, SessionProtocol::kDash)) << text;
  }
}

TEST(Manifest, TheFirstMediaPlaylistStandsBesideTheMasterPlaylist) {
  const std::string url = "https://b-1.example/base/hls/v1/master.m3u8?SessionToken=a/b~";
  EXPECT_EQ(
      mediaPlaylistUrl(url, "#EXTM3U\r\n#EXT-X-STREAM-INF:A=1\r\nmedia.m3u8?T=1\r\nother\r\n"),
      "https://b-1.example/base/hls/v1/media.m3u8?T=1");
  EXPECT_EQ(mediaPlaylistUrl(url, "#EXTM3U\n\n\nmedia"), "https://b-1.example/base/hls/v1/media");
  EXPECT_EQ(mediaPlaylistUrl(url, "#EXTM3U\n/media?T=1\n"), "https://b-1.example/media?T=1");
  EXPECT_EQ(mediaPlaylistUrl(url, "#EXTM3U\nhttps://b-1.example/media?T=a/b\n"),
            "https://b-1.example/media?T=a/b");
  // None of these is asked: they may be another host's.
  for (const char* line : {"https://evil.example/media", "//evil.example/media",
                           "https://b-1.example.evil/media", "https://b-1.example@evil/media",
                           "https://b-1.example:444/media", "http://b-1.example/media", "", "#"}) {
    EXPECT_EQ(mediaPlaylistUrl(url, std::string("#EXTM3U\n") + line + "\n"), "") << line;
  }
}

TEST(Manifest, FragmentsAreCounted) {
  EXPECT_EQ(countFragments("#EXTM3U\n"), 0U);
  EXPECT_EQ(countFragments("#EXTM3U\n#EXTINF:1.0,\na\n#EXT-X-DISCONTINUITY\n#EXTINF:2,\nb\n"), 2U);
  EXPECT_EQ(countFragments("<MPD></MPD>"), 0U);
  EXPECT_EQ(countFragments("<MPD><SegmentTimeline><S t=\"0\" d=\"1\"/><S d=\"1\" r=\"3\"/>"
                           "<S d=\"2\" r=\"-1\"/></SegmentTimeline>"
                           "<SegmentTimeline><S d=\"1\"/></SegmentTimeline></MPD>"),
            6U);
  EXPECT_EQ(countFragments("<MPD><SegmentTimeline><S\n\tt='0'\n\tr='3'\td='1'/><Sx r=\"9\"/>"
                           "<S d='r=9' r = '2'/></SegmentTimeline></MPD>"),
            7U);
  EXPECT_EQ(countFragments("<MPD><S "), 1U);
  EXPECT_EQ(countFragments("<MPD><S r="), 1U);
  EXPECT_EQ(countFragments("<MPD><S r"), 1U);
  EXPECT_EQ(countFragments("<MPD><S"), 0U);
}

}  // namespace
}  // namespace kvsarchive::session
