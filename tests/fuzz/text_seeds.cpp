// SPDX-License-Identifier: LGPL-2.1-or-later
#include "seeds.h"

namespace kvsarchive::fuzz {

Seeds jsonSeeds() {
  return {
      {"page", R"({"Fragments":[{"FragmentLengthInMilliseconds":1796,
"FragmentNumber":"91343852333181432392682062607743920955852903233","FragmentSizeInBytes":123456,
"ProducerTimestamp":1.577156925312E9,"ServerTimestamp":1577156927}],"NextToken":"a+/b==","New":[1]})"},
      {"endpoint", R"({"DataEndpoint":"https://b-1234abcd.kinesisvideo.eu-west-1.amazonaws.com"})"},
      {"disguised-error",
       R"({"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"})"},
      {"escapes", R"({"NextToken":"\u00e4\ud83d\ude00\"\\\/\b\f\n\r\t","Fragments":null})"},
      {"numbers", R"({"Fragments":[{"FragmentNumber":"1","FragmentSizeInBytes":9007199254740992,
"ProducerTimestamp":0,"ServerTimestamp":9223372036.854,"FragmentLengthInMilliseconds":-0}]})"}};
}

Seeds xmlSeeds() {
  return {
      {"type", R"({"__type":"com.amazon.coral#AccessDeniedException:http://x/","Message":"no"})"},
      {"output", R"({"Output":{"__type":"UnknownOperationException","message":"what"}})"},
      {"root-element",
       "<AccessDeniedException>\n  <Message>Unable</Message>\n</AccessDeniedException>"},
      {"error-response",
       "<?xml version=\"1.0\"?><ErrorResponse xmlns=\"x\"><Error><Code>Throttling</Code>"
       "<Message>slow</Message></Error></ErrorResponse>"},
      {"html", "<!DOCTYPE html>\n<HTML><head><TITLE>502 Bad Gateway</TITLE></head></HTML>"},
      {"text", "upstream timed out\r\n"},
      {"signature", R"({"message":"It does not match. The Canonical String was 'POST SECRET'"})"}};
}

Seeds dateSeeds() {
  return {{"utc", "2026-03-01T10:00:00Z"},      {"zone", "2026-03-01 11:00:00.25+01:00"},
          {"week", "2026-W09-7T10:00:00Z"},     {"ordinal", "2026060T100000.5-0530"},
          {"epoch", "1772359200.312"},          {"now", "now"},
          {"relative", "now-1d2h3m4s"},         {"no-zone", "2026-03-01T10:00:00"},
          {"leap", "2024-02-29T23:59:60.999Z"}, {"far", "9999-12-31T23:59:59.999Z"}};
}

Seeds urlSeeds() {
  return {{"endpoint",
           "https://b-1234abcd.kinesisvideo.eu-west-1.amazonaws.com/listFragments\n"
           "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-amzn-RequestId: 1\r\n\r\n"},
          {"address",
           "http://127.0.0.1:8080/a/../b/./c?d=e&f%20g#h\n"
           "HTTP/1.1 100 Continue\r\n\r\nHTTP/2 500\r\nA: b\r\n c\r\n\r\nTrailer: x\r\n"},
          {"ipv6", "http://[::1]:8080/%20/\nHTTP/1.1 404 Not Found\nx-amzn-ErrorType: A:b\n\n"},
          {"user", "http://user:secret@a.example/\nHTTP/1.0 99 x\r\n"},
          {"upper", "HTTPS://A.EXAMPLE:443//\nno head\r\n: \r\n\tx\r\n"}};
}

Seeds iniSeeds() {
  return {
      {"config",
       "[default]\nregion = eu-west-1 # here\noutput=json\n\n[profile \"my own\"]\n"
       "role_arn = arn:aws:iam::123456789012:role/r\nsource_profile = default\n"
       "s3 =\n  max_queue_size = 10\n  ; none\n  addressing_style = path\nservices = v\n"
       "[sso-session s]\nsso_region: eu-west-1\n[services v]\nkinesis_video =\n"
       "    endpoint_url = http://127.0.0.1:8080\n[profile default]\nx = 1\n  2\n"},
      {"credentials",
       "\xEF\xBB\xBF[default]\r\naws_access_key_id = AKID\r\naws_secret_access_key = a/b+c=#d\r\n"
       "[other]\r\n  x = 1\r\n  y = 2\r\n"},
      {"twice", "[profile a]\nx=1\nx=2\n[profile a]\nx =\n y=3\n[plugins]\na=b\n"},
      {"broken", "[a\nx=1\n"}};
}

Seeds stsSeeds() {
  const std::string keys =
      "<AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>a+b/</SecretAccessKey>"
      "<SessionToken><![CDATA[t]]>&#x74;&amp;</SessionToken>"
      "<Expiration>2026-03-01T11:00:00Z</Expiration>";
  return {
      {"role",
       "<?xml version=\"1.0\"?><AssumeRoleResponse xmlns=\"x\"><AssumeRoleResult>"
       "<AssumedRoleUser><Arn>a</Arn></AssumedRoleUser><Credentials>" +
           keys + "</Credentials></AssumeRoleResult></AssumeRoleResponse>"},
      {"web-identity",
       "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>" + keys +
           "</Credentials></AssumeRoleWithWebIdentityResult>"
           "</AssumeRoleWithWebIdentityResponse>"},
      {"error",
       "<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code>"
       "<Message>it is secret-token-that-was-sent</Message></Error></ErrorResponse>"},
      {"signature-error",
       "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code>"
       "<Message>no match\n The Canonical String is 'POST'</Message></Error></ErrorResponse>"}};
}

Seeds manifestSeeds() {
  return {{"master", "#EXTM3U\r\n#EXT-X-STREAM-INF:BANDWIDTH=1\r\nmedia.m3u8?SessionToken=a~\r\n"},
          {"rooted", "#EXTM3U\n/hls/v1/media.m3u8\n"},
          {"absolute", "#EXTM3U\nhttps://b-1.example:8443/hls/v1/media.m3u8\n"},
          {"foreign", "#EXTM3U\nhttps://b-2.example/media.m3u8\n//b-1.example/x\n"},
          {"media", "#EXTM3U\n#EXTINF:1.0,\na.mp4\n#EXT-X-DISCONTINUITY\n#EXTINF:2,\nb.mp4\n"},
          {"mpd",
           "<?xml version=\"1.0\"?>\n<MPD><Period><SegmentTimeline><S t=\"0\" d=\"1\"/>\n"
           "<S d='2' r = '3'/></SegmentTimeline></Period></MPD>"}};
}

}  // namespace kvsarchive::fuzz
