package sandbox

import "strings"

// ownRoot is where the sandbox's own operations are: what happens in Atlas by
// itself, such as scaling, has no operation there, and here somebody must say that it
// happens.
const ownRoot = "/sandbox"

var ownOperations = []operation{
	{id: "growCluster", method: "PATCH", path: "/groups/{groupId}/clusters/{clusterName}", versions: oldest, may: projectOwner, status: 200, body: true, handle: growCluster},
	{id: "answerPeer", method: "PATCH", path: "/groups/{groupId}/peers/{peerId}", versions: oldest, may: projectOwner, status: 200, body: true, handle: answerPeer},
	{id: "askForPeering", method: "POST", path: "/groups/{groupId}/streams/vpcPeeringConnections", versions: oldest, may: projectOwner, status: 200, body: true, handle: askForPeering},
}

func isOwn(path string) bool { return strings.HasPrefix(path, ownRoot+"/") }
